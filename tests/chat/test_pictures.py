"""Pictures in a room: made ours on the way in, shown through the message's own door and nowhere else."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from chat import actions, changes, jobs, pictures
from chat.frames import change
from chat.models import Message, MessageState, Picture
from chat.moderation import messages
from chat.pictures import NotAPicture, NoWordsForPicture, PicturesOff, PictureTooLarge
from groups.membership.models import Group, Membership, State
from tests.cast import NOW


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Files of the test's own."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "pictures"


@pytest.fixture
def allowed(harbor):
    """The group shares pictures."""
    Group.objects.filter(pk=harbor.pk).update(pictures=True)


def drawn(kind="PNG", size=(40, 30), mode="RGB", **how) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "teal" if mode == "RGB" else 0).save(out, kind, **how)
    return out.getvalue()


def fitted(given: bytes, alt="A lake"):
    return pictures.fit(BytesIO(given), len(given), alt=alt)


def show(who, room, *, at=NOW):
    """Somebody sends a picture with a few words."""
    return actions.send(who, room.public_id, key=uuid4(), body="Look", at=at, picture=fitted(drawn()))


# What is kept


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_is_kept_is_written_afresh(kind):
    kept = fitted(drawn(kind))
    again = Image.open(BytesIO(kept.webp))
    assert (again.format, again.size, kept.width, kept.height) == ("WEBP", (40, 30), 40, 30)


def test_where_and_with_what_it_was_taken_is_gone():
    exif = Image.Exif()
    exif[0x010F], exif[0x8825] = "A maker", {1: "N", 2: (41.0, 30.0, 0.0)}
    given = drawn("JPEG", exif=exif, icc_profile=b"a profile", comment=b"a secret")
    assert b"A maker" in given
    kept = fitted(given)
    again = Image.open(BytesIO(kept.webp))
    assert (dict(again.getexif()), {"exif", "icc_profile", "xmp", "comment"} & set(again.info)) == ({}, set())
    assert not [word for word in (b"A maker", b"a profile", b"a secret") if word in kept.webp]


def test_it_is_turned_upright_and_made_small():
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the phone on its side
    kept = fitted(drawn("JPEG", size=(2000, 500), exif=exif))
    assert (kept.width, kept.height) == (400, 1600)


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"GIF89a" + b"x" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"<html></html>",
        b"\x89PNG\r\n\x1a\n" + b"x" * 99,
        b"\xff\xd8\xff" + b"x" * 99,
        b"RIFF1234WEBP" + b"x" * 99,
        drawn()[:60],
    ],
)
def test_what_is_no_picture_is_refused(given):
    with pytest.raises(NotAPicture):
        fitted(given)


def test_what_would_unfold_into_too_much_is_refused_unread():
    bomb = drawn(size=(9000, 9000), mode="1")
    assert len(bomb) < 1_000_000
    with pytest.raises(PictureTooLarge):
        fitted(bomb)
    with pytest.raises(PictureTooLarge):
        pictures.fit(BytesIO(b""), pictures.BYTES + 1, alt="A lake")
    with pytest.raises(NoWordsForPicture):
        fitted(drawn(), alt="  ")


# Who sees it


@pytest.fixture
def address(room):
    return lambda said: reverse("chat:picture", args=[room.public_id, said.public_id])


def test_where_the_group_shares_none_none_is_taken(room, ben, folder):
    with pytest.raises(PicturesOff):
        show(ben, room)
    assert not Message.objects.exists()
    assert not folder.exists()


def test_a_form_sends_it_and_the_room_shows_it(room, harbor, ben, carla, allowed, signed_in, address):
    file = SimpleUploadedFile("IMG_Ben_Doe.png", drawn(), "image/png")
    key = uuid4()
    form = {"body": "Look", "key": key, "picture": file, "alt": "The lake at noon"}
    answer = signed_in(ben).post(reverse("chat:send", args=[room.public_id]), form)
    assert answer.status_code == 302
    said = Message.objects.get()
    html = signed_in(carla).get(reverse("chat:room", args=[harbor.public_id])).content.decode()
    assert f'<img src="{address(said)}" alt="The lake at noon" width="40" height="30" loading="lazy">' in html
    step = change("room", changes.since(room.pk, 0, limit=9).steps[0])["message"]
    assert step["picture"] == {"width": 40, "height": 30, "alt": "The lake at noon"}

    got = signed_in(carla).get(address(said))
    assert Image.open(BytesIO(got.getvalue())).size == (40, 30)
    assert got["Content-Type"] == "image/webp"
    assert got["Content-Disposition"] == 'inline; filename="picture.webp"'
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Cache-Control"] == "no-store, private"
    assert got["Content-Security-Policy"].startswith("sandbox")
    assert "Ben_Doe" not in Picture.objects.get().name

    file.seek(0)
    signed_in(ben).post(reverse("chat:send", args=[room.public_id]), form)
    assert (Message.objects.count(), Picture.objects.count()) == (1, 1)


def test_a_script_gets_its_answer_as_a_frame_and_may_ask_again(room, harbor, ben, allowed, signed_in):
    key = uuid4()

    def post(given=b"", alt="The lake", body="Look"):
        form = {"body": body, "key": key, "picture": SimpleUploadedFile("picture", given or drawn()), "alt": alt}
        return signed_in(ben).post(
            reverse("chat:send", args=[room.public_id]), form, headers={"accept": "application/json"}
        )

    refused = post(given=b"<svg/>")
    assert (refused.status_code, refused.json()["op"], refused.json()["code"]) == (422, "refused", "not_a_picture")
    assert post(alt=" ").json()["code"] == "no_words_for_picture"
    first = post()
    said = Message.objects.get()
    assert first.json() == {"op": "ok", "key": str(key), "seq": said.seq, "message": str(said.public_id)}
    for _ in range(7):  # more often than one may send pictures: an answer that got lost is asked for again
        assert post().json() == first.json()
    assert post(body="Other words").json()["code"] == "key_reused"
    Group.objects.filter(pk=harbor.pk).update(pictures=False)
    assert post().json() == first.json()
    key = uuid4()
    assert post().json()["code"] == "pictures_off"
    assert (Message.objects.count(), Picture.objects.count()) == (1, 1)


def test_a_file_that_is_none_keeps_the_words_and_says_so(room, ben, allowed, signed_in):
    file = SimpleUploadedFile("x.png", b"<svg/>", "image/png")
    form = {"body": "My words", "picture": file, "alt": "A lake"}
    answer = signed_in(ben).post(reverse("chat:send", args=[room.public_id]), form)
    assert answer.status_code == 422
    assert "This is not a picture we can show." in answer.content.decode()
    assert "My words" in answer.content.decode()
    assert not Message.objects.exists()


def test_it_goes_with_its_message(room, amina, ben, carla, allowed, signed_in, address):
    hidden, removed, held = show(ben, room), show(ben, room), show(ben, room)
    messages.hide(hidden.public_id, by=amina, at=NOW)
    actions.remove(ben, room.public_id, removed.public_id, at=NOW)
    Message.objects.filter(pk=held.pk).update(state=MessageState.HELD)
    got = {
        who.display_name: [signed_in(who).get(address(said)).status_code for said in (hidden, removed, held)]
        for who in (amina, ben, carla)
    }
    assert got == {"Amina": [200, 404, 200], "Ben": [404, 404, 200], "Carla": [404, 404, 404]}
    frames = [change("room", step)["message"] for step in changes.since(room.pk, 0, limit=9).steps]
    assert not [frame for frame in frames if "picture" in frame]


def test_who_has_left_gets_what_a_stranger_gets(room, ben, carla, sam, allowed, signed_in, address):
    said = show(ben, room)
    client = signed_in(carla)
    assert client.get(address(said)).status_code == 200
    Membership.objects.filter(user=carla).update(state=State.LEFT, ended_at=NOW)
    answers = [one.get(address(said)) for one in (client, signed_in(sam))]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_files_that_nothing_names_are_swept_away_after_a_day(room, ben, allowed, folder):
    kept, removed = show(ben, room), show(ben, room)
    orphan = pictures.put(fitted(drawn()))
    actions.remove(ben, room.public_id, removed.public_id, at=NOW)
    jobs.sweep_pictures(0)
    assert len(list(folder.iterdir())) == 3
    tomorrow = timezone.now() + timedelta(days=2)
    assert pictures.sweep(set(Picture.objects.values_list("name", flat=True)), at=tomorrow) == 2
    assert [file.stem for file in folder.iterdir()] == [Picture.objects.get(message=kept).name]
    assert not pictures.path(orphan).exists()
