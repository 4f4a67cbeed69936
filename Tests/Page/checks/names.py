"""What a screen reader is told: roles and names out of the accessibility tree; and sizes, contrast and width for eyes and thumbs."""

from browser import PHONE, Browser, judge
from report import Report, equal
from vectors import case, cases

# The ratio of two colours by WCAG 2.
CONTRAST = """() => {
    const parse = (text) => text.match(/[0-9.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((value) => value / 255)
        .map((value) => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
    const ground = (node) => {
        for (; node; node = node.parentElement) {
            const colour = parse(getComputedStyle(node).backgroundColor);
            if (colour.length === 3 || colour[3] > 0) return colour;
        }
        return [255, 255, 255];
    };
    const low = [];
    for (const node of document.querySelectorAll('body *')) {
        const hasText = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
        if (!hasText || !node.checkVisibility() || node.disabled) continue;
        const [a, b] = [light(parse(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < 4.5) low.push(`${node.tagName} ${node.textContent.trim().slice(0, 20)} ${ratio.toFixed(2)}`);
    }
    return low;
}"""

CONTROLS = {"button", "textbox", "link", "checkbox", "DisclosureTriangle"}


def tree(tab) -> list[tuple[str, str]]:
    nodes = tab.context.new_cdp_session(tab).send("Accessibility.getFullAXTree")["nodes"]
    return [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes if not node.get("ignored") and "role" in node
    ]


def check(report: Report, browser: Browser) -> None:
    right = case("secret")
    for language in ("en-GB", "zh-CN"):
        with browser.page(now=right.now, language=language) as tab:
            judge(tab, right)
            told = tree(tab)
            with report(f"{language}: every control has a name"):
                unnamed = [role for role, name in told if role in CONTROLS and not name.strip()]
                equal(unnamed, [], "without a name")
            with report(f"{language}: no two buttons on the page have the same name"):
                buttons = [name for role, name in told if role == "button"]
                equal(sorted(buttons), sorted(set(buttons)), "buttons")
            with report(f"{language}: banner, main, regions and one heading of the first level"):
                roles = [role for role, _ in told]
                for role in ("banner", "main", "region", "status", "heading"):
                    assert role in roles, f"no {role}"
                equal(tab.locator("h1").count(), 1, "h1")
            with report(f"{language}: the verdict is announced with its sentence"):
                equal(tab.locator("#told").get_attribute("aria-live"), "assertive", "aria-live")
                names = [name for role, name in told if role == "heading"]
                assert tab.locator("#verdict").inner_text().split("\n")[-1] in " ".join(names), names
            with report(f"{language}: it fits a phone's width"):
                width = tab.evaluate("document.documentElement.scrollWidth")
                assert width <= PHONE["width"], f"{width} pixels wide"
            with report(f"{language}: whatever is tapped is 44 pixels high"):
                low = tab.evaluate("""() => [...document.querySelectorAll('button, .button, input[type=text], summary, textarea')]
                    .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < 44)
                    .map((node) => `${node.id || node.textContent} ${node.getBoundingClientRect().height}`)""")
                equal(low, [], "too low")
    for scheme in ("light", "dark"):
        for verdict in sorted({case.verdict for case in cases()}):
            with report(f"{scheme}, {verdict}: text stands out from its ground (4.5 to 1)"):
                each = next(case for case in cases() if case.verdict == verdict)
                with browser.page(now=each.now, color_scheme=scheme) as tab:
                    judge(tab, each)
                    tab.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
                    equal(tab.evaluate(CONTRAST), [], "low contrast")
