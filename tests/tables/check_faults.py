#!/usr/bin/env python3
"""tools/faults.py on a toy project whose "program" is a number in a file: a fault that is caught, one that isn't, one that doesn't build."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parent.parent.parent / "tools/faults.py"

FILES = {
    "CMakeLists.txt": """cmake_minimum_required(VERSION 3.25)
project(toy LANGUAGES NONE)
enable_testing()
add_custom_target(compiles ALL COMMAND ${CMAKE_COMMAND} -DFILE=${PROJECT_SOURCE_DIR}/number.cmake -P ${PROJECT_SOURCE_DIR}/compile.cmake)
add_test(NAME adds_up COMMAND ${CMAKE_COMMAND} -P ${PROJECT_SOURCE_DIR}/adds_up.cmake)
add_test(NAME always COMMAND ${CMAKE_COMMAND} -E true)
""",
    "CMakePresets.json": """{ "version": 6, "configurePresets": [ { "name": "dev", "generator": "Ninja", "binaryDir": "${sourceDir}/build/dev" } ],
  "buildPresets": [ { "name": "dev", "configurePreset": "dev" } ] }
""",
    "compile.cmake": 'include(${FILE})\nif(NOT a)\n  message(FATAL_ERROR "error: a is not there")\nendif()\n',
    "number.cmake": "set(a 1)\nset(b 2)\nset(c 3) # not tested\n",
    "adds_up.cmake": "include(${CMAKE_CURRENT_LIST_DIR}/number.cmake)\nmath(EXPR sum \"${a} + ${b}\")\nif(NOT sum EQUAL 3)\n  message(FATAL_ERROR \"no\")\nendif()\n",
    ".gitignore": "/build/\n/.deps\n",
    "tests/faults/numbers.fault": """# three
fault: other_b
file: number.cmake
about: b is wrong
--- old
set(b 2)
--- new
set(b 3)
--- end

fault: other_c
file: number.cmake
about: c is wrong
--- old
set(c 3)
--- new
set(c 4)
--- end
fault: no_a
file: number.cmake
about: a is gone
--- old
set(a 1)
--- new
--- end
""",
}


class Faults(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        for name, text in FILES.items():
            self.write(name, text)
        subprocess.run(["git", "init", "-q"], cwd=self.root, check=True)

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, text):
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text)

    def run_tool(self, *arguments):
        run = subprocess.run([sys.executable, TOOL, "--root", self.root, "--jobs", "1", *arguments], capture_output=True, text=True)
        return run.returncode, run.stdout + run.stderr

    def test_outcomes(self):
        code, output = self.run_tool()
        self.assertEqual(1, code, output)
        self.assertRegex(output, r"killed +numbers/other_b .*adds_up \(failed\)")
        self.assertRegex(output, r"survived +numbers/other_c")
        self.assertRegex(output, r"no build +numbers/no_a .*error: a is not there|no build +numbers/no_a .*error")
        self.assertRegex(output, r"numbers +3 +1 +1 +1\n")
        self.assertEqual(FILES["number.cmake"], (self.root / "number.cmake").read_text())
        self.assertEqual(FILES["number.cmake"], (self.root / "build/faults/tree/number.cmake").read_text())
        # What is gone from the sources is gone from the copy; what is linked into the copy stays.
        self.write("gone.txt", "x")
        self.write(".deps/wheel.txt", "x")
        self.run_tool("--only", "other_b")
        self.assertTrue((self.root / "build/faults/tree/gone.txt").exists())
        (self.root / "gone.txt").unlink()
        self.run_tool("--only", "other_b")
        self.assertFalse((self.root / "build/faults/tree/gone.txt").exists())
        self.assertTrue((self.root / ".deps/wheel.txt").exists())
        self.assertTrue((self.root / "build/faults/tree/.deps").is_symlink())
        self.run_tool()
        # The same again from what is known, without building; and one alone.
        code, output = self.run_tool("--continue")
        self.assertNotIn("without a fault", output)
        self.assertRegex(output, r"numbers +3 +1 +1 +1\n")
        code, output = self.run_tool("--only", "other_b")
        self.assertEqual(0, code, output)
        self.assertRegex(output, r"all +1 +1 +0 +0\n")

    def test_failing_without_a_fault(self):
        self.write("number.cmake", FILES["number.cmake"].replace("set(a 1)", "set(a 1) #").replace("set(c 3)", "set(b 9)\nset(c 3)"))
        code, output = self.run_tool()
        self.assertEqual(3, code, output)
        self.assertIn("nothing can be learned", output)

    def test_check(self):
        self.assertEqual((0, "faults: 3 faults, 0 problems\n"), self.run_tool("--check"))
        self.write("number.cmake", "set(a 1)\nset(c 3)\nset(c 3)\n")
        code, output = self.run_tool("--check")
        self.assertEqual(1, code)
        self.assertIn("numbers.fault:2: numbers/other_b: the old text is in number.cmake 0 times, not once", output)
        self.assertIn("numbers/other_c: the old text is in number.cmake 2 times", output)
        self.write("tests/faults/numbers.fault", "fault: a\nfile: gone.cmake\nabout: x\n--- old\nx\n--- end\nfault: a\nnonsense\n")
        code, output = self.run_tool("--check")
        self.assertIn("`--- end` where `--- new` must come", output)
        self.assertIn("`nonsense` is not a line of a fault", output)
        self.assertIn("there is no file `gone.cmake`", output)
        self.assertIn("the name is there twice", output)


if __name__ == "__main__":
    unittest.main()
