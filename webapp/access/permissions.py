"""What may be done: `resource:action`."""

from enum import StrEnum


class Permission(StrEnum):
    ORGANIZATION_READ = "organization:read"
    ORGANIZATION_CHANGE = "organization:change"
    MEMBER_READ = "member:read"
    MEMBER_CHANGE = "member:change"
    UNIT_READ = "unit:read"
    UNIT_CHANGE = "unit:change"
    WAVE_READ = "wave:read"
    WAVE_CHANGE = "wave:change"
    LINK_ISSUE = "link:issue"
    INVITATION_SEND = "invitation:send"
    RESULT_READ = "result:read"
    ACTION_READ = "action:read"
    ACTION_CHANGE = "action:change"
    EVIDENCE_READ = "evidence:read"
    EVIDENCE_CHANGE = "evidence:change"
    ASSESSMENT_GIVE = "assessment:give"
    EXPERIMENT_READ = "experiment:read"
    EXPERIMENT_CHANGE = "experiment:change"
    AUDIT_READ = "audit:read"
    TOKEN_MAKE = "token:make"  # noqa: S105 - a permission, no secret
