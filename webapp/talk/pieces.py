"""The pieces of advice of the talk, in the order in which they were said. A piece names items and advice by key."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

LAST_PREPARED = 31  # the paragraphs after it are questions and answers


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of advice.

    title: the words by which a listener remembers it (lazy)
    paragraph: its passage, counted from 1; quote: words of the edited third-person account
    practice: where it is scored
    items: the questions that ask for it
    advice: the upper ends (`below`) of the practice's advice that come from it; also: those of other practices
    pages: endpoints of the pages on which it shows, without the practice's own page
    observed: the talk describes it and does not advise it in so many words
    """

    title: object
    paragraph: int
    quote: str
    practice: str
    items: tuple[str, ...] = ()
    advice: tuple[int, ...] = ()
    pages: tuple[str, ...] = ()
    observed: bool = False
    also: tuple[tuple[str, int], ...] = ()

    @property
    def place(self) -> str:
        return "prepared talk" if self.paragraph <= LAST_PREPARED else "questions and answers"


HEAT_MAP, TREND, MOVEMENT = "results.heatmap", "results.trend", "results.movement"
SPREAD = "results.spread"
HYPE, EXPERIMENTS, EVIDENCE = "results.hype", "experiments.index", "evidence.index"
PAGES = {
    HEAT_MAP: _l("Heat map"),
    TREND: _l("Trend"),
    MOVEMENT: _l("Movement"),
    SPREAD: _l("Spread"),
    HYPE: _l("Say and do"),
    EXPERIMENTS: _l("Experiments"),
    EVIDENCE: _l("Evidence"),
}

PIECES = (
    Piece(
        _l("Step back and look years ahead"),
        12,
        "step back and project how much change is coming",
        "simplify",
        ("P4.T7",),
        (80,),
        (TREND,),
    ),
    Piece(
        _l("Hype is not adoption"),
        13,
        "a large disparity between AI hype and adoption",
        "follow_value",
        ("P8.T5", "P6.T5", "P6.B1"),
        (60,),
        (HYPE, EVIDENCE),
    ),
    Piece(
        _l("Start talking about it now"),
        14,
        "people are not prepared to think about that, but should start talking about it now",
        "simplify",
        ("P4.T7",),
    ),
    Piece(
        _l("Neither all the blame nor all the credit"),
        15,
        "it is never as good or as bad as people say",
        "follow_value",
        ("P8.T4",),
        (80,),
    ),
    Piece(
        _l("Nobody can keep up, so simplify"),
        15,
        "it is impossible to keep up, which is why the solidify/simplify approach makes sense",
        "simplify",
        ("P4.T2",),
        (20,),
    ),
    Piece(
        _l("Follow the money"),
        16,
        "not to follow GitHub stars or Twitter likes, but to follow the money",
        "follow_value",
        ("P8.T1", "P8.T2"),
        (40,),
        (EXPERIMENTS,),
    ),
    Piece(
        _l("Four killer uses"),
        16,
        "generative text, generative images, coding assistants, and chatbots",
        "follow_value",
        (),
        (20,),
        (EXPERIMENTS,),
        observed=True,
    ),
    Piece(
        _l("A few words can change a result"),
        17,
        "changing a few words produced roughly 60 percentage points of improvement",
        "build_and_check",
        ("P9.T6",),
        (20,),
        observed=True,
    ),
    Piece(
        _l("The starting point has moved"),
        18,
        "neither prepared him for the age of foundation models",
        "solidify",
        (),
        (80,),
        observed=True,
    ),
    Piece(
        _l("Put models into the hands of users"),
        19,
        "taking trained models and productionizing them in end-user contexts",
        "fire_ready_aim",
        ("P2.T1",),
        (20,),
        (EXPERIMENTS,),
        observed=True,
    ),
    Piece(
        _l("The boundary between roles is dotted"),
        19,
        "the boundary is dotted, not hard",
        "open_doors",
        ("P7.T3",),
        (60,),
        observed=True,
    ),
    Piece(
        _l("Informal groups become teams"),
        21,
        "informal Slack groups eventually become formal teams",
        "amplify",
        ("P5.T5",),
        (40, 80),
        observed=True,
    ),
    Piece(
        _l("Ready-made models first"),
        22,
        "applying foundation models off the shelf to many use cases",
        "build_and_check",
        ("P9.T6",),
        (),
        (EXPERIMENTS,),
        observed=True,
    ),
    Piece(
        _l("Fire, ready, aim"),
        23,
        "a shift from ready-aim-fire to fire-ready-aim",
        "fire_ready_aim",
        ("P2.T2",),
        (),
        (EXPERIMENTS, TREND),
        observed=True,
    ),
    Piece(
        _l("Collect use, then change"),
        23,
        "collects usage data if it succeeds",
        "fire_ready_aim",
        ("P2.T3",),
        (60,),
        (EXPERIMENTS,),
        observed=True,
    ),
    Piece(
        _l("Only then scale"),
        23,
        "only then scales and trains a custom model",
        "fire_ready_aim",
        ("P2.T4",),
        (80,),
        (EXPERIMENTS,),
        observed=True,
    ),
    Piece(
        _l("Callable from any language"),
        24,
        "APIs make it callable from any language",
        "build_and_check",
        ("P9.T5",),
        (60,),
        observed=True,
    ),
    Piece(
        _l("Orchestrate AI with code"),
        25,
        "The missing piece is orchestrating AI with code and having AI generate code",
        "build_and_check",
        ("P9.T5", "P9.T6"),
        observed=True,
    ),
    Piece(
        _l("Verify with code"),
        26,
        "augmented and verified by code",
        "build_and_check",
        ("P9.T2", "PU6"),
        (40,),
        observed=True,
    ),
    Piece(
        _l("Problems last, solutions pass"),
        27,
        "problems are durable, while a solution's fit depends on context",
        "simplify",
        ("P4.T5",),
        (60,),
    ),
    Piece(
        _l("Tooling and evals are problems to study"),
        27,
        "prompt engineering, structured responses, vector databases, and evals",
        "build_and_check",
        ("P9.T3",),
        (80,),
        (EXPERIMENTS,),
    ),
    Piece(
        _l("Do not tell everyone to drop everything"),
        28,
        "too disruptive to tell everyone to drop everything",
        "room_to_try",
        ("P6.T6",),
        (80,),
    ),
    Piece(
        _l("Solidify the fundamentals"),
        29,
        "leaders should solidify by covering fundamentals",
        "solidify",
        ("P3.T1", "P3.T5", "PU7"),
        (20,),
        (SPREAD, EVIDENCE),
    ),
    Piece(
        _l("A baseline for a productive conversation"),
        29,
        "proven baseline knowledge required for a productive conversation about AI",
        "solidify",
        ("P3.T3",),
        (60,),
    ),
    Piece(
        _l("Simplify: five years, not fifty"),
        30,
        "people do not need to learn the last 50 years of AI; they need to learn the last five years",
        "simplify",
        ("P4.T6",),
        (40,),
    ),
    Piece(
        _l("Amplify"),
        31,
        "Finally, leaders can amplify",
        "amplify",
        ("P5.T1", "PU4"),
        (20,),
    ),
    Piece(
        _l("No task force of six special people"),
        34,
        "six special people in a thousand-person company",
        "decentralize",
        ("P1.T3",),
        (20,),
        (SPREAD,),
    ),
    Piece(
        _l("Move fast, and keep your duties"),
        34,
        "move quickly on AI without disrupting everything",
        "room_to_try",
        ("P6.T6",),
    ),
    Piece(
        _l("People from left field"),
        34,
        "many up-and-comers in the AI wave come from complete left field",
        "open_doors",
        ("P7.T1", "P7.T5"),
        (20, 40),
    ),
    Piece(
        _l("Ship something today"),
        35,
        "ship something that might transform the company today, not five years from now",
        "fire_ready_aim",
        ("P2.T1", "PU3"),
        (40,),
        (EXPERIMENTS,),
    ),
    Piece(
        _l("Change in every part of the organization"),
        35,
        "create change in every part of the organization",
        "decentralize",
        ("P1.T2", "PU1"),
        (80,),
        (HEAT_MAP, MOVEMENT),
    ),
    Piece(
        _l("A culture that supports experiments"),
        35,
        "build a culture that supports experimentation",
        "room_to_try",
        ("P6.T1", "P6.T3", "PU2"),
        (20, 60),
        (EXPERIMENTS,),
    ),
    Piece(
        _l("Give people fundamental skills"),
        35,
        "give people fundamental skills",
        "solidify",
        ("P3.T2",),
        (40,),
        (EVIDENCE,),
    ),
    Piece(
        _l("Everyone improves their own work"),
        35,
        "encourage everyone to experiment and enhance their processes with AI",
        "room_to_try",
        ("P6.T5",),
        (40,),
        (HYPE,),
    ),
    Piece(
        _l("Decentralize"),
        35,
        "the work needs to be decentralized",
        "decentralize",
        ("P1.T1", "P1.T4"),
        (40,),
        (SPREAD, HEAT_MAP),
    ),
    Piece(
        _l("A small group must reach the rest"),
        35,
        "A small group that does not influence the larger organization will not serve the company well",
        "amplify",
        ("P5.T2",),
        (60,),
        (SPREAD,),
        also=(("decentralize", 60),),
    ),
    Piece(
        _l("A community of practice"),
        36,
        "creating a community of practice around AI",
        "amplify",
        ("P5.T3",),
        observed=True,
    ),
    Piece(
        _l("Mostly software people move in"),
        38,
        "mostly full-stack engineers and software engineers are moving into the AI engineering space",
        "open_doors",
        ("P7.T5",),
        observed=True,
    ),
    Piece(
        _l("Some start things, others scale them"),
        38,
        "The person who works on zero-to-one is different from the one-to-n person",
        "open_doors",
        ("P7.T6",),
        (80,),
        observed=True,
    ),
)
