"""People and firms. These tables lie outside the wall and are reached only through `accounts.queries`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from accounts.models.reach import ALL_OR_WINDOW, Reach
from accounts.roles import Role

if TYPE_CHECKING:
    from datetime import date

ROLES = [role.value for role in Role]


class UserManager(BaseUserManager["User"]):
    """Make people by e-mail address; addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a person. Without a password they must set one by e-mail."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make an operator of the service (not of a firm)."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> User:
        """Find a person by address, whatever its case."""
        return self.get(email=(email or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by e-mail address; a member of any number of firms."""

    id = models.BigAutoField(primary_key=True)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    time_zone = models.CharField(max_length=64, default="America/New_York")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(db_default=Now())

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower_case")
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """Keep the address in lower case, so that it is one person whatever they type."""
        self.email = self.email.strip().lower()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the address in lower case."""
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """Return the name as it is printed on reports."""
        return self.name

    def get_short_name(self) -> str:
        """Return the first word of the name."""
        return (self.name or self.email).split(" ")[0]


class Firm(models.Model):
    """A law firm: the tenant."""

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="America/New_York")
    currency = models.CharField(max_length=3, default="USD")
    jurisdiction = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Membership(Reach):
    """A person's role in a firm; an auditor's has a last day (`ends_on`, in the firm's time zone)."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20)
    ends_on = models.DateField(null=True, blank=True)
    joined_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "firm"], name="one_membership_per_firm"),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="membership_role_is_known"),
            models.CheckConstraint(
                condition=~Q(role=Role.AUDITOR.value) | Q(ends_on__isnull=False), name="auditor_has_an_end"
            ),
            models.CheckConstraint(condition=ALL_OR_WINDOW, name="membership_sees_all_or_a_window"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.firm_id} as {self.role}"

    def runs_on(self, today: date) -> bool:
        """Say whether the membership still holds on a day of the firm's calendar (its last day included)."""
        return self.ends_on is None or today <= self.ends_on


class Invitation(Reach):
    """An invitation by e-mail; the token itself is only in the mail, here is its SHA-256."""

    id = models.BigAutoField(primary_key=True)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=20)
    ends_on = models.DateField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=ROLES), name="invitation_role_is_known"),
            models.CheckConstraint(condition=ALL_OR_WINDOW, name="invitation_offers_all_or_a_window"),
            models.UniqueConstraint(
                fields=["firm", "email"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation_per_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.firm_id} as {self.role}"
