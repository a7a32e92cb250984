"""What people raise alike: similar concerns, and the themes they make in an initiative and its units."""

from bot.themes.alike import alike
from bot.themes.ticking import due, warm

__all__ = ["alike", "due", "warm"]
