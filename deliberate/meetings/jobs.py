"""What runs later: letters to all who signed up."""

from deliberate.kernel.jobs import Job
from deliberate.meetings import notices

JOBS = (Job(name=notices.LETTERS, run=notices.write_batch),)
