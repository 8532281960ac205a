from predictive_scoring.report.style import inline, label, new_figure, png, styled, svg


def test_labels_are_short_and_printable() -> None:
    assert label("Deutschland") == "Deutschland"
    assert label("x" * 40) == "x" * 21 + "…"
    assert label("a\x00b\x1bc\u202e") == "abc"


def test_a_figure_is_saved_without_date_and_alike() -> None:
    def one() -> str:
        with styled():
            figure = new_figure(2, 1)
            figure.axes[0].plot([0, 1], [0, 1], "o-", label="$x$")
            figure.axes[0].set_title("$x$ < & >")
        return svg(figure, "one")

    text = one()
    assert text == one()
    assert "<metadata>" not in text
    assert "$x$ &lt; &amp; &gt;" in text
    assert 'id="one-axes_1"' in text


def test_an_inline_picture_follows_the_page() -> None:
    text = inline(svg(new_figure(2, 1), "a"), 'what "it" <shows>')
    assert text.startswith('<svg role="img" aria-label="what &#34;it&#34; &lt;shows&gt;"')
    assert text.endswith("</svg>")
    assert "var(--paper)" in text
    assert "#ffffff" not in text
    assert "<style" not in text
    assert " width=" not in text.split(">", 1)[0]
    assert "viewBox" in text.split(">", 1)[0]


def test_png_is_a_picture() -> None:
    assert png(new_figure(2, 1)).startswith(b"\x89PNG\r\n")
