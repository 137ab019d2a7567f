"""A ballot without a database: a manifest, three scrutineers, sealed papers whose devices remember every layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from tests.ballots.staging import DEBRIEF, Keys
from zhibu.ballots.canonical import bytes_of, text_of
from zhibu.ballots.counting import NO_PAPER, count, papers
from zhibu.ballots.manifest import Category, Manifest, Pool, Scrutineer
from zhibu.ballots.mixing import boxed, layer_message, mix
from zhibu.ballots.record import Artefact, box_body, layer_body, result_body
from zhibu.ballots.sealing import Paper, Vote, info, new_code, new_key, point_of, seal_with
from zhibu.ballots.signing import sign

NAME = "0" * 64


@dataclass(frozen=True)
class Sealed:
    """A paper as its voter's device keeps it: every layer from the outermost to the paper, and the keys drawn."""

    layers: tuple[str, ...]
    ephemerals: tuple[ec.EllipticCurvePrivateKey, ...]


def manifest_with(keys: Sequence[Keys], voters: int, **more: Any) -> Manifest:
    scrutineers = tuple(Scrutineer(f"监票人{n}", *one.points) for n, one in enumerate(keys, start=1))
    values = {
        "ballot": "b" * 32, "body": "青禾县县直机关工委", "title": "测评", "questions": DEBRIEF,
        "categories": (Category("voters", "投票人"),), "entitled": {"voters": voters}, "roll": NAME,
        "scrutineers": scrutineers, "receipts": text_of(point_of(new_key().public_key())), "booth": {}, **more,
    }  # fmt: skip
    return Manifest(**values)


class Box:
    """All in one pool."""

    def __init__(self, votes: Sequence[Vote]) -> None:
        self.keys = [Keys() for _ in range(3)]
        self.manifest = manifest_with(self.keys, len(votes))
        self.name = self.manifest.name
        self.points = list(self.manifest.keys)
        self.sealed = [self._seal(Paper(new_code(), vote)) for vote in votes]
        self.lists = (boxed(bytes_of(one.layers[0]) for one in self.sealed),)
        self.pools = (Pool(("voters",), len(votes), 0),)
        first = Artefact("manifest", "", self.manifest.to_json())
        self.steps = [first, Artefact("box", first.hash, box_body(self.pools, self.lists, len(votes)))]
        self.layers: list[tuple[tuple[str, ...], ...]] = []

    def _seal(self, paper: Paper) -> Sealed:
        layers, ephemerals, data = [text_of(paper.padded())], [], paper.padded()
        for layer in (3, 2, 1):
            ephemerals.append(new_key())
            data = seal_with(ephemerals[-1], data, self.points[layer - 1], info(self.name, layer))
            layers.append(text_of(data))
        return Sealed(tuple(layers[::-1]), tuple(ephemerals[::-1]))

    def before(self, layer: int) -> tuple[str, ...]:
        return self.lists[0] if layer == 1 else self.layers[layer - 2][0]

    def mixed(self, layer: int) -> list[str]:
        return list(mix(self.keys[layer - 1].sealing, self.before(layer), self.name, layer, 3))

    def post(self, layer: int, entries: Sequence[str]) -> None:
        after = self.steps[-1].hash
        message = layer_message(self.name, after, layer, [entries])
        signature = text_of(sign(self.keys[layer - 1].signing, message))
        self.steps.append(Artefact("layer", after, layer_body(layer, [entries], signature)))
        self.layers.append((tuple(entries),))

    def mix(self, layer: int) -> None:
        self.post(layer, self.mixed(layer))

    def mix_all(self) -> None:
        for layer in (1, 2, 3):
            self.mix(layer)

    def papers(self) -> list[Paper]:
        return papers(self.layers[-1][0], self.manifest)

    def record(self, spoil: Callable[[Any], None] = lambda body: None) -> list[Artefact]:
        results = count(self.manifest, self.pools, self.layers[-1], [NO_PAPER], len(self.sealed))
        body = result_body(results)
        spoil(body)
        return [*self.steps, Artefact("result", self.steps[-1].hash, body)]

    def losses(self) -> Iterator[tuple[Sealed, int]]:
        """What the devices find by themselves: the layer after which a ballot of theirs is gone."""
        for one in self.sealed:
            for layer in (1, 2, 3):
                if one.layers[layer] not in self.layers[layer - 1][0]:
                    yield one, layer
                    break


def proof_of(box: Box, sealed: Sealed, layer: int) -> dict[str, Any]:
    secret = sealed.ephemerals[layer - 1].private_numbers().private_value.to_bytes(32, "big")
    return {
        "ballot": box.name, "layer": layer, "outer": sealed.layers[layer - 1], "inner": sealed.layers[layer],
        "ephemeral": text_of(secret),
    }  # fmt: skip
