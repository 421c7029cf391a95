"""People as the tests need them: whoever is not described is somebody plausible."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from factory.declarations import LazyAttribute, RelatedFactory, SelfAttribute, Sequence
from factory.django import DjangoModelFactory

from accounts.models import User

PASSWORD = "a ledger that ties out"


class ProvedAddress(DjangoModelFactory[EmailAddress]):
    """The address of a person, as if its letter had been answered."""

    class Meta:
        model = EmailAddress

    verified = True
    primary = True


class Person(DjangoModelFactory[User]):
    """A person with a password and a proved address, in no firm yet."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = Sequence(lambda number: f"person{number}@elsewhere.test")
    name = LazyAttribute(lambda made: made.email.partition("@")[0])
    password = PASSWORD
    address = RelatedFactory(ProvedAddress, "user", email=SelfAttribute("..email"))

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **given: Any) -> User:
        """Make the person as signing up does: the password is hashed."""
        return model_class.objects.create_user(*args, **given)
