"""Quick tests of the zoo: the generator, the files and the net.

Run:  /usr/bin/python3 -m unittest discover -s zoo/tests
What needs fonts, torch or onnx is skipped, with the reason, where they are missing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import unittest
from importlib.util import find_spec
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from zoo.calibration import compare_answers, fit_temperature  # noqa: E402
from zoo.glyphs import generate  # noqa: E402
from zoo.glyphs.fonts import missing_packages, renderer_versions  # noqa: E402
from zoo.glyphs.scene import LABELS  # noqa: E402
from zoo.idx import read_idx, write_idx  # noqa: E402

GLYPHS = ROOT / "zoo" / "glyphs"
MISSING_FONTS = missing_packages()
needs_fonts = unittest.skipIf(MISSING_FONTS, f"fonts not installed: {' '.join(MISSING_FONTS)}")
needs_torch = unittest.skipUnless(find_spec("torch"), "python3-torch is not installed")
needs_onnx = unittest.skipUnless(find_spec("onnx"), "python3-onnx is not installed")
needs_model = unittest.skipUnless(
    (GLYPHS / "glyphs.onnx").exists(), "zoo/glyphs/glyphs.onnx is not there"
)


class GeneratorTest(unittest.TestCase):
    @needs_fonts
    def test_same_seed_gives_same_bytes(self):
        first, labels = generate.make_split("validation", 40)
        again, labels_again = generate.make_split("validation", 40)
        self.assertEqual(first.tobytes(), again.tobytes())
        self.assertEqual(labels.tobytes(), labels_again.tobytes())

    @needs_fonts
    def test_bytes_do_not_depend_on_the_number_of_workers(self):
        count = 2 * generate.CHUNK + 3
        alone, _ = generate.make_split("validation", count, workers=1)
        shared, _ = generate.make_split("validation", count, workers=3)
        self.assertEqual(alone.tobytes(), shared.tobytes())

    @needs_fonts
    def test_seeds_and_splits_differ(self):
        base, _ = generate.make_split("validation", 2)
        other_seed, _ = generate.make_split("validation", 2, seed=generate.SEED + 1)
        other_split, _ = generate.make_split("test", 2)
        self.assertNotEqual(base.tobytes(), other_seed.tobytes())
        self.assertNotEqual(base.tobytes(), other_split.tobytes())

    def test_labels_are_balanced_and_shuffled(self):
        labels = generate.make_labels(generate.SEED, 3, 2000)
        counts = np.bincount(labels, minlength=len(LABELS))
        self.assertLessEqual(counts.max() - counts.min(), 1)
        self.assertGreater(np.count_nonzero(np.diff(labels.astype(int)) < 0), 500)


class CommittedDataTest(unittest.TestCase):
    def test_shapes_and_balance(self):
        for split in ("test", "calibration"):
            images_path, labels_path = generate.split_paths(split)
            images, labels = read_idx(images_path), read_idx(labels_path)
            count = generate.SPLITS[split][1]
            self.assertEqual(images.shape, (count, 3, 32, 32))
            self.assertEqual(labels.shape, (count,))
            counts = np.bincount(labels, minlength=len(LABELS))
            self.assertEqual(len(counts), len(LABELS))
            self.assertLessEqual(counts.max() - counts.min(), 1)

    @needs_fonts
    def test_first_pictures_are_what_the_generator_yields(self):
        recorded = json.loads((GLYPHS / "data" / "versions.json").read_text())
        here = renderer_versions()
        if here != recorded:
            changed = [name for name in recorded if here.get(name) != recorded[name]]
            self.skipTest(f"made with other versions of: {', '.join(changed)}")
        for split in ("test", "calibration"):
            images_path, labels_path = generate.split_paths(split)
            number, count, _ = generate.SPLITS[split]
            labels = generate.make_labels(generate.SEED, number, count)
            self.assertEqual(labels.tobytes(), read_idx(labels_path).tobytes())
            drawn = generate.make_pictures(generate.SEED, number, 0, labels[:16])
            self.assertEqual(drawn.tobytes(), read_idx(images_path)[:16].tobytes())


class IdxTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "array.idx"

    def test_header_and_round_trip(self):
        array = np.arange(2 * 3 * 4 * 5, dtype=np.uint8).reshape(2, 3, 4, 5)
        write_idx(self.path, array)
        header = self.path.read_bytes()[:20]
        self.assertEqual(header.hex(), "00000804" "00000002" "00000003" "00000004" "00000005")
        np.testing.assert_array_equal(read_idx(self.path), array)

    def test_labels_have_one_dimension(self):
        write_idx(self.path, np.array([7, 8], np.uint8))
        self.assertEqual(self.path.read_bytes().hex(), "00000801" "00000002" "0708")

    def test_refuses_a_cut_file(self):
        write_idx(self.path, np.zeros(9, np.uint8))
        whole = self.path.read_bytes()
        for kept, message in (
            (2, "4 bytes or more, got 2"),
            (6, "header of 8 bytes, got 6"),
            (12, "17 bytes .* got 12"),
        ):
            self.path.write_bytes(whole[:kept])
            with self.assertRaisesRegex(ValueError, message):
                read_idx(self.path)

    def test_refuses_another_type(self):
        with self.assertRaisesRegex(ValueError, "got float64"):
            write_idx(self.path, np.zeros(3))
        self.path.write_bytes(bytes.fromhex("00000d01000000010000803f"))
        with self.assertRaisesRegex(ValueError, "got 0x00000d01"):
            read_idx(self.path)


class CalibrationTest(unittest.TestCase):
    def test_finds_the_temperature_that_the_labels_were_drawn_with(self):
        rng = np.random.default_rng(0)
        logits = rng.normal(0.0, 4.0, (20_000, 5))
        noise = rng.gumbel(size=logits.shape)
        labels = (logits / 2.5 + noise).argmax(axis=1)
        self.assertAlmostEqual(fit_temperature(logits, labels), 2.5, delta=0.1)

    def test_the_surer_exit_answers(self):
        sure_and_right = np.array([[9.0, 0.0], [0.0, 9.0]] * 50)
        unsure = np.array([[0.0, 0.1], [0.0, 0.1]] * 50)
        labels = np.array([0, 1] * 50)
        compared = compare_answers([sure_and_right, unsure], labels)
        self.assertEqual(
            compared, [{"last": 1, "last_answer": 50.0, "most_confident_answer": 100.0}]
        )


class NetTest(unittest.TestCase):
    @needs_torch
    def test_exits_nest_and_cost_grows(self):
        import torch
        from zoo.multi_exit_net import INPUT_SHAPE, MultiExitNet, count_parameters, macs_to_exits

        net = MultiExitNet(36, [0.5] * 3, [0.25] * 3).eval()
        with torch.no_grad():
            pixels = torch.rand(3, *INPUT_SHAPE)
            logits = net(pixels)
            feature = net.stages[0](net.stem(pixels))
            self.assertTrue(torch.equal(net.heads[0](feature), logits[0]))
        self.assertEqual([tuple(part.shape) for part in logits], [(3, 36)] * 4)
        macs = macs_to_exits(net)
        self.assertEqual(macs, sorted(set(macs)))
        self.assertLess(count_parameters(net), 1_000_000)

    @needs_torch
    @needs_fonts
    def test_smoke_run_trains_and_exports(self):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, str(ROOT / "zoo" / "train.py"), "--smoke", "--out", folder]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("epoch 1/1", done.stdout)
            card = json.loads((Path(folder) / "glyphs.json").read_text())
            self.assertEqual(len(card["accuracy_percent"]["test"]), 4)
            self.assertGreater((Path(folder) / "glyphs.onnx").stat().st_size, 100_000)

    @needs_torch
    def test_resnet50_has_four_exits_and_sane_values(self):
        import torch
        from zoo.resnet50 import make_resnet50

        with torch.no_grad():
            logits = make_resnet50(seed=1)(torch.randn(1, 3, 64, 64))
        self.assertEqual([tuple(part.shape) for part in logits], [(1, 1000)] * 4)
        for part in logits:
            self.assertTrue(0.01 < float(part.std()) < 100.0)


class BundledModelTest(unittest.TestCase):
    @needs_model
    def test_card_shows_a_ladder(self):
        card = json.loads((GLYPHS / "glyphs.json").read_text())
        self.assertEqual("".join(card["labels"]), LABELS)
        for split in ("validation", "test"):
            ladder = card["accuracy_percent"][split]
            self.assertEqual(ladder, sorted(ladder))
            self.assertGreaterEqual(ladder[-1], 90.0)
            self.assertGreaterEqual(ladder[-1] - ladder[0], 25.0)

    @needs_model
    @needs_onnx
    def test_graph_has_a_free_batch_and_four_exits(self):
        import onnx

        path = GLYPHS / "glyphs.onnx"
        model = onnx.load(str(path))
        onnx.checker.check_model(model)
        self.assertLessEqual(path.stat().st_size, 4 * 2**20)
        self.assertEqual([entry.version for entry in model.opset_import], [13])
        self.assertEqual(axes(model.graph.input), {"input": ["batch", 3, 32, 32]})
        self.assertEqual(
            axes(model.graph.output), {f"exit_{index}": ["batch", 36] for index in range(4)}
        )


def axes(values) -> dict[str, list]:
    """Name -> axes of a graph's inputs or outputs; a free axis shows its name."""
    return {
        value.name: [axis.dim_param or axis.dim_value for axis in value.type.tensor_type.shape.dim]
        for value in values
    }


if __name__ == "__main__":
    unittest.main()
