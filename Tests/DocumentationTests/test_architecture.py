"""docs/architecture.md names functions that exist, and modules whose imports point one way."""

import re

import pytest
from pushlab import PROJECT

PAGE = (PROJECT / "docs" / "architecture.md").read_text()
SOURCES = PROJECT / "Sources"
STEPS = re.findall(r"^\d+\. (.+)$", PAGE, re.MULTILINE)
MODULES = [name for row in re.findall(r"^\| ((?:`[\w-]+`(?:, )?)+) \|", PAGE, re.MULTILINE)
           for name in re.findall(r"`([\w-]+)`", row)]
# What comes with the system or the language.
SYSTEM = {"Foundation", "Glibc", "Dispatch", "Synchronization"}


def targets():
    """By module, what Package.swift lets it depend on: our own modules, and products of others."""
    package = (PROJECT / "Package.swift").read_text()
    package = package[: package.index(".testTarget(")]
    found = {}
    for kind, body in re.findall(r"\.(systemLibrary|target|executableTarget)\(\s*((?:[^()]|\([^()]*\))*)\)", package):
        name = re.search(r'name: "([\w-]+)"', body)[1]
        listed = re.sub(r"exclude: \[[^]]*\]", "", body).partition("dependencies:")[2]
        products = re.findall(r'\.product\(name: "(\w+)"', listed)
        own = re.findall(r'"([\w-]+)"', re.sub(r"\.product\([^)]*\)", "", listed))
        found[name] = set(own) | set(products)
    return found


TARGETS = targets()


def imports(module):
    """What its files import, the package's own and others' modules."""
    texts = [file.read_text() for file in (SOURCES / module).rglob("*.swift")]
    return {name for text in texts for name in re.findall(r"^(?:@\w+ )?import (?:\w+ )?(\w+)$", text, re.MULTILINE)} - SYSTEM


def linked(module):
    """Everything that is linked with it."""
    direct = TARGETS.get(module, set())
    return direct.union(*(linked(other) for other in direct), set())


def test_the_page_has_steps_and_all_modules():
    assert len(STEPS) > 20
    assert sorted(MODULES) == sorted(TARGETS)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_names_functions_that_exist(step):
    files = [PROJECT / path for path in re.findall(r"`(Sources/[\w/-]+\.swift)`", step)]
    assert files, "name the file"
    texts = [file.read_text() for file in files]
    functions = re.findall(r"`(\w+)\.(\w+)`", step)
    assert functions, "name the function"
    for kind, function in functions:
        declares = rf"\b(?:struct|class|enum|protocol|extension|actor) (?:\w+\.)*{kind}\b"
        member = r"\binit[(?<]" if function == "init" else rf"\b(?:func|var|let) {function}\b"
        assert any(re.search(declares, text) and re.search(member, text) for text in texts), f"{kind}.{function}"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_what_stands_above_it_alone(module):
    above = set(MODULES[: MODULES.index(module)])
    # The benches' commands need the products beside them to have been built.
    built = {"floor", "pushlab"} if module == "pushlab-bench" else set()
    own = {name for name in TARGETS[module] if name in TARGETS} - built
    assert own <= above, f"{module} depends on {sorted(own - above)}, which stands below it"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_depends_on_what_it_imports_and_no_more(module):
    built = {"floor", "pushlab"} if module == "pushlab-bench" else set()
    if not list((SOURCES / module).rglob("*.swift")):
        return
    assert imports(module) == TARGETS[module] - built


NETWORK = {"NIOCore", "NIOPosix", "NIOHTTP1", "NIOWebSocket", "CLibwebsockets", "CLibev"}


@pytest.mark.parametrize(
    "module, others", [("Measurement", NETWORK), ("Results", NETWORK), ("Report", NETWORK), ("Bench", {"Yams"}), ("LWS", {"Answers", "LabServer", "Readings", "TokenStream", "Wire"})])
def test_a_module_links_nothing_that_is_of_no_use_to_it(module, others):
    assert not linked(module) & others


def test_no_module_has_a_name_that_a_dependency_asks_for():
    """`canImport(Network)` is meant for the system's module, and is true for one of the package's own, too."""
    files = list((PROJECT / ".build" / "checkouts").rglob("*.swift"))
    assert files, "make build"
    asked = {name for file in files for name in re.findall(r"canImport\((\w+)", file.read_text(errors="replace"))}
    assert "Network" in asked
    assert not asked & set(TARGETS)
