"""What the application needs to know of this package."""

from deliberate.kernel.feature import Feature
from deliberate.topics.views import bp

FEATURE = Feature(name="topics", blueprints=(bp,))
