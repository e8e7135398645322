"""What the tool stores, one noun per file."""

from webapp.models.account import (
    Account,
    Attempts,
    BrowserSession,
    HalfSession,
    LinkedIdentity,
    Password,
    PasswordReset,
    RecoveryCode,
    SecondStep,
    SignInLink,
)
from webapp.models.action import Action, ActionOwner
from webapp.models.api_token import ApiToken
from webapp.models.assessment import Assessment
from webapp.models.audit_event import AuditEvent, AuditHead
from webapp.models.ballot import Ballot
from webapp.models.base import Model
from webapp.models.evidence import Evidence, EvidenceBook, EvidenceMonth
from webapp.models.experiment import Experiment
from webapp.models.invitation import Invitation, InvitationText, ReminderDay
from webapp.models.member import Member, MemberRole
from webapp.models.organization import Organization
from webapp.models.outbox import OutboxRow
from webapp.models.plan import Plan
from webapp.models.publication import StoredPublication, StoredPublicationRow
from webapp.models.response import Response
from webapp.models.unit import Unit
from webapp.models.wave import Publishing, QuestionnaireCopy, Wave, WaveUnit
from webapp.models.webhook import Webhook

__all__ = [
    "Account",
    "Action",
    "ActionOwner",
    "ApiToken",
    "Assessment",
    "Attempts",
    "AuditEvent",
    "AuditHead",
    "Ballot",
    "BrowserSession",
    "Evidence",
    "EvidenceBook",
    "EvidenceMonth",
    "Experiment",
    "HalfSession",
    "Invitation",
    "InvitationText",
    "LinkedIdentity",
    "Member",
    "MemberRole",
    "Model",
    "Organization",
    "OutboxRow",
    "Password",
    "PasswordReset",
    "Plan",
    "Publishing",
    "QuestionnaireCopy",
    "RecoveryCode",
    "ReminderDay",
    "Response",
    "SecondStep",
    "SignInLink",
    "StoredPublication",
    "StoredPublicationRow",
    "Unit",
    "Wave",
    "WaveUnit",
    "Webhook",
]
