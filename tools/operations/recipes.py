"""Commands and settings as docs/operations.md prints them, so that what people paste is what is tested."""

import os
import re
import subprocess

from .work import ROOT, Failed, must

DOCUMENT = ROOT / "docs/operations.md"


def section(heading, document=DOCUMENT):
    """What stands below a heading, up to the next one of the same or a higher level."""
    found = re.search(rf"^(#+) {re.escape(heading)}\n(.*?)(?=^#{{1,6}} |\Z)", outside_of_code(document.read_text()), re.MULTILINE | re.DOTALL)
    must(found, f"{document.name} has no section '{heading}'")
    return found.group(2).replace("\x00", "#")


def outside_of_code(document):
    """A comment in a block of code is no heading."""
    return re.sub(r"^```.*?^```", lambda block: block.group(0).replace("#", "\x00"), document, flags=re.MULTILINE | re.DOTALL)


def block(heading, language, number=1, document=DOCUMENT):
    """A block of code below a heading."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", section(heading, document), re.MULTILINE | re.DOTALL)
    must(len(blocks) >= number, f"{document.name}, '{heading}' has no block {number} of {language}")
    return blocks[number - 1]


def filled_in(recipe, places):
    """The recipe with paths and names of this test; each must be in it."""
    for old, new in places.items():
        must(old in recipe, f"docs/operations.md: the recipe no longer names {old}:\n{recipe}")
        recipe = recipe.replace(old, str(new))
    return recipe


def run(recipe, environment):
    """Runs commands as a person would who pastes them, and stops at the first that fails."""
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", recipe], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise Failed(f"this recipe of docs/operations.md failed ({done.returncode}):\n{recipe}\n{done.stdout}{done.stderr}")
    return done.stdout


def documented(message, said):
    """What was said contains the message, and the table of symptoms has it."""
    must(message in said, f"the message is another than expected.\n  expected: {message}\n  said: {said.strip()}")
    symptoms = section("When something is wrong")
    must(message in symptoms, f"docs/operations.md, 'When something is wrong' does not have: {message}")


def without_settings():
    """The environment without settings of a Steward of the one who runs this."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("STEWARD_", "PG"))}
