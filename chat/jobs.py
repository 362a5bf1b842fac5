"""Background work of the rooms: each forgets what its group keeps no longer."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app as jobs

from chat import goodbye, pictures, purging
from chat.models import MessageState, Picture, Room

PATIENT = RetryStrategy(max_attempts=5, exponential_wait=10)


@jobs.periodic(cron="40 */6 * * *")  # a day needs one run; a computer that is off at night still gets it
@jobs.task(name="chat.jobs.purge_all")
def purge_all(timestamp: int) -> None:
    """Hand out one job a room, so that a room in trouble holds up no other."""
    for room in Room.objects.values_list("pk", flat=True):
        purge_one.defer(room=room)


@jobs.periodic(cron="20 */6 * * *")
@jobs.task(name="chat.jobs.sweep_pictures")
def sweep_pictures(timestamp: int) -> None:
    """Delete the pictures of messages that were taken back and nobody has to decide about, and the files nothing
    names."""
    taken_back = Picture.objects.filter(message__state=MessageState.REMOVED)
    taken_back.exclude(message__public_id__in=goodbye.reported()).delete()
    pictures.sweep(set(Picture.objects.values_list("name", flat=True)), at=timezone.now())


@jobs.task(name="chat.jobs.purge_one", retry=PATIENT)
def purge_one(*, room: int) -> None:
    """Forget what is too old in one room. Running it twice does it once."""
    purging.purge(room, at=timezone.now())


@jobs.task(name="chat.jobs.tell_rooms_of_before", retry=PATIENT)
def tell_rooms_of_before(*, person: int) -> None:
    """Let the rooms somebody had left before they closed their account know. Running it twice does it once."""
    goodbye.tell_rooms_of_before(person, at=timezone.now())


@jobs.task(name="chat.jobs.take_words_out", retry=PATIENT)
def take_words_out(*, person: int) -> None:
    """Remove what somebody wrote who has closed their account. Running it twice does it once."""
    goodbye.take_words_out(person, at=timezone.now())
