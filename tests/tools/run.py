"""run.py BIN_DIR NAME: runs the tests of NAME_cases.py with the tools of that folder."""
import importlib
import pathlib
import sys
import unittest

import tools

tools.BIN = pathlib.Path(sys.argv[1])
module = importlib.import_module(sys.argv[2] + "_cases")
unittest.main(module=module, argv=["run.py", *sys.argv[3:]])
