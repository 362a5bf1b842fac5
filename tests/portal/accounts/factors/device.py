"""A device with passkeys, in software: what a browser would send, made from its own keys."""

import base64
import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2 import cbor

SITE = "localhost"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Device:
    """A phone whose owner unlocks it whenever it asks, unless told not to."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: os.urandom(16))
    user: str = ""
    unlocks: bool = True
    origin: str = f"http://{SITE}"

    def makes(self, browser: Client) -> str:
        """A new passkey, as the form sends it."""
        asked = challenge(browser, "/me/security/passkeys/challenge/")
        self.user = asked["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor.encode(public)
        statement = {"fmt": "none", "attStmt": {}, "authData": self._facts(ATTESTED) + attested}
        client = self._client("webauthn.create", asked)
        return self._sent({"clientDataJSON": b64(client), "attestationObject": b64(cbor.encode(statement))})

    def shows(self, browser: Client) -> str:
        """The passkey, as the form sends it."""
        client = self._client("webauthn.get", challenge(browser, "/account/passkey/challenge/"))
        facts = self._facts()
        signature = self.key.sign(facts + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._sent(
            {
                "clientDataJSON": b64(client),
                "authenticatorData": b64(facts),
                "signature": b64(signature),
                "userHandle": self.user,
            }
        )

    def _client(self, what: str, asked: dict[str, Any]) -> bytes:
        return json.dumps({"type": what, "challenge": asked["challenge"], "origin": self.origin}).encode()

    def _facts(self, more: int = 0) -> bytes:
        flags = PRESENT | more | (VERIFIED if self.unlocks else 0)
        return hashlib.sha256(SITE.encode()).digest() + bytes([flags]) + struct.pack(">I", 0)

    def _sent(self, response: dict[str, Any]) -> str:
        known = b64(self.id)
        return json.dumps(
            {"id": known, "rawId": known, "type": "public-key", "clientExtensionResults": {}, "response": response}
        )


def challenge(browser: Client, path: str) -> dict[str, Any]:
    asked: dict[str, Any] = browser.post(path, headers={"host": SITE}).json()["publicKey"]
    return asked
