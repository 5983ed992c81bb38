"""What may leave: texts and fields are checked before anything is published, each refusal with its reason and the law it rests on. Pure."""

from luoshi.publish.release.checking import CHECK_VERSION, Stop, check_text
from luoshi.publish.release.reasons import Reason, reasons

__all__ = ["CHECK_VERSION", "Reason", "Stop", "check_text", "reasons"]
