"""What the network can do to us, in three kinds. The words are for people."""

from __future__ import annotations


class VendorError(Exception):
    """A vendor did not do what was asked.

    `words`, and the text of the error, are a sentence for people. `vendor_request_id` is what the vendor's
    support asks for: it belongs to logs and evidence, a traceback shows it as a note.
    """

    def __init__(self, words: str, vendor_request_id: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.vendor_request_id = vendor_request_id
        if vendor_request_id:
            self.add_note(f"vendor_request_id={vendor_request_id}")


class Transient(VendorError):
    """It may go well later.

    `sent` is False only when the request certainly was not carried out: the connection was refused, or the
    vendor turned it away unread (429). `retry_after` is what the vendor asked for, in seconds. `body` is the
    answer, where there was one.
    """

    def __init__(
        self,
        words: str,
        vendor_request_id: str = "",
        *,
        retry_after: float | None = None,
        sent: bool = True,
        status: int = 0,
        body: str = "",
    ) -> None:
        super().__init__(words, vendor_request_id)
        self.retry_after = retry_after
        self.sent = sent
        self.status = status
        self.body = body


class Revoked(VendorError):
    """The authorisation is gone: a person must connect again."""


class Refused(VendorError):
    """A clear no. `status` is the HTTP status, `code` and `detail` are the vendor's own."""

    def __init__(
        self,
        words: str,
        vendor_request_id: str = "",
        *,
        status: int = 0,
        code: str = "",
        detail: str = "",
    ) -> None:
        super().__init__(words, vendor_request_id)
        self.status = status
        self.code = code
        self.detail = detail


class ForbiddenCallError(RuntimeError):
    """The shell forbids the network at this point, for example inside a transaction. A mistake of ours."""
