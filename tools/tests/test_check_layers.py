"""Tests of tools/check_layers.py on small made-up source trees."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import check_layers  # noqa: E402  (the path above must come first)


class CheckLayersTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.src = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.src / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def found(self):
        return list(check_layers.violations(self.src))

    def assert_one(self, *parts):
        found = self.found()
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])

    def test_clean_tree_passes(self):
        self.write("base/result.h", "#include <string>\n")
        self.write("core/plan.h", '#include "base/result.h"\n')
        self.write("core/internal/parse.h", "")
        self.write("core/plan.cc", '#include "core/plan.h"\n#include "core/internal/parse.h"\n')
        self.write("apps/main.cc", '#include "core/plan.h"\n#include "local.h"\n')
        self.assertEqual(self.found(), [])

    def test_upward_include_fails(self):
        self.write("base/clock.h", '#pragma once\n  #  include "scheduler/queue.h"\n')
        self.assert_one("clock.h:2:", 'base may not include "scheduler/queue.h"', "nothing")

    def test_sideways_include_fails(self):
        self.write("policy/a.cc", '#include "power/meter.h"\n')
        self.assert_one("policy may not include", "core base")

    def test_another_rooms_internals_fail(self):
        self.write("policy/a.cc", '#include "core/internal/parse.h"\n')
        self.assert_one("internal/ is for core alone")

    def test_apps_may_not_reach_into_internals_either(self):
        self.write("apps/a.cc", '#include "core/internal/parse.h"\n')
        self.assert_one("internal/ is for core alone")

    def test_nobody_includes_apps(self):
        self.write("sim/a.cc", '#include "apps/serve.h"\n')
        self.assert_one('sim may not include "apps/serve.h"')

    def test_unknown_room_fails(self):
        self.write("helpers/a.h", "")
        self.assert_one("helpers", "unknown room")

    def test_climbing_and_bare_includes_fail(self):
        self.write("core/a.cc", '#include "../policy/a.h"\n')
        self.assert_one("climbs")
        self.write("core/a.cc", '#include "plan.h"\n')
        self.assert_one('write "core/plan.h"')

    def test_comment_is_no_include(self):
        self.write("base/a.h", '// #include "core/plan.h" would be wrong here\n')
        self.assertEqual(self.found(), [])

    def test_table_has_no_cycle_and_knows_its_own_names(self):
        rooms = set(check_layers.MAY_INCLUDE)
        placed = set()
        while rooms - placed:
            free = {r for r in rooms - placed if check_layers.allowed(r) <= placed}
            self.assertTrue(free, f"cycle or unknown name among {sorted(rooms - placed)}")
            placed |= free


if __name__ == "__main__":
    unittest.main()
