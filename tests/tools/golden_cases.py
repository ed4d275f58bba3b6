"""What jlunpack shows of known files, as people see it: one text a case in golden/.

With JL_UPDATE_GOLDEN=1 in the environment the texts are written anew, to be read before they are committed.
"""
import os
import pathlib
import struct

from tools import ToolCase, npy_bytes

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parents[1] / "spec" / "vectors"
CASES = {
    "containers": ["valid/containers.pkl"],
    "scalars": ["valid/scalars.pkl"],
    "shared": ["valid/shared.pkl"],
    "shapes": ["valid/shapes.pkl"],
    "structured": ["valid/structured.pkl", "--stats"],
    "objects": ["valid/objects.pkl"],
    "object_array": ["valid/object_array.pkl"],
    "numpy_scalars": ["valid/numpy_scalars.pkl"],
    "two": ["valid/two.pkl"],
    "tree": ["from_joblib/1.6-model_tree-p4-none.pkl"],
    "linear_stats": ["from_joblib/1.6-model_linear-p4-gzip3.pkl", "--stats"],
    "table": ["from_joblib/1.6-table-p4-none.pkl"],
    "several_stats": ["from_joblib/1.5-several-p4-none.pkl", "--stats"],
    "times": ["from_joblib/1.4-times-p4-none.pkl", "--stats"],
    "joblib_0.9": ["from_joblib/before_0.10/0.9-golden_small-ZF3-companions.pkl", "--stats"],
}


class Golden(ToolCase):
    def test_known_files_look_as_before(self):
        for name, (file, *options) in CASES.items():
            with self.subTest(name):
                shown = self.ok("jlunpack", VECTORS / file, *options).decode().replace(str(VECTORS) + "/", "")
                golden = HERE / "golden" / (name + ".txt")
                if os.environ.get("JL_UPDATE_GOLDEN"):
                    golden.write_text(shown)
                self.assertEqual(shown, golden.read_text())

    def test_every_golden_text_has_a_case(self):
        self.assertEqual(sorted(CASES), sorted(path.stem for path in (HERE / "golden").glob("*.txt")))

    def test_statistics_tell_what_is_no_number(self):

        self.write("x.npy", npy_bytes("<f8", (4,), struct.pack("<4d", float("nan"), 1, float("inf"), -2)))
        self.assertIn(b"min -2.0, max inf, mean inf, 1 nan\n", self.ok("jlunpack", "x.npy", "--stats"))
        self.write("x.npy", npy_bytes("<f4", (2,), struct.pack("<2f", float("nan"), float("nan"))))
        self.assertIn(b"8 B [nan, nan] 2 nan\n", self.ok("jlunpack", "x.npy", "--stats"))
        self.write("x.npy", npy_bytes(">i2", (3,), struct.pack(">3h", -5, 300, 8)))
        self.assertIn(b"[-5, 300, 8] min -5, max 300, mean 101\n", self.ok("jlunpack", "x.npy", "--stats"))
        self.write("x.npy", npy_bytes("<f2", (4,), struct.pack("<4e", 0.5, -65504, 6e-8, 1.5)))
        self.assertIn(b"min -65500.0, max 1.5, mean -16375.5\n", self.ok("jlunpack", "x.npy", "--stats"))
        self.write("x.npy", npy_bytes("|b1", (4,), b"\0\1\1\1"))
        self.assertIn(b"min False, max True, mean 0.75\n", self.ok("jlunpack", "x.npy", "--stats"))
        self.write("x.npy", npy_bytes("<f8", (0, 3), b""))
        self.assertTrue(self.ok("jlunpack", "x.npy", "--stats").endswith(b"(0, 3) 0 B\n"))
        self.refused(2, "excludes", "jlunpack", "x.npy", "--stats", "--json")

    def test_values_of_fortran_arrays_come_in_reading_order(self):

        self.write("x.npy", npy_bytes("<i4", (2, 3), struct.pack("<6i", 0, 3, 1, 4, 2, 5), order="F"))
        self.assertIn(b"(2, 3) F 24 B [0, 1, 2, 3, 4, 5]\n", self.ok("jlunpack", "x.npy"))
