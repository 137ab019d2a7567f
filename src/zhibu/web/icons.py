"""A small set of outline icons, drawn for this product on a 24 × 24 grid. `svg(name)` is the markup of one."""

# ruff: noqa: E501  (a path is one line)

PATHS = {
    "down": "M6 9l6 6 6-6",
    "person": "M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8M4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
    "key": "M8 12a4 4 0 1 0 0 8a4 4 0 1 0 0-8M11 13L20 4M16 8l3 3M13.5 10.5l2 2",
    "code": "M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14",
    "help": "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 .9-1 1.7M12 16.8v.2",
    "leave": "M14 4H6v16h8M10 12h10M17 9l3 3-3 3",
    "globe": "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9M12 3c-3 3-3.5 6-3.5 9s.5 6 3.5 9",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4M9 15l2 2 4-4",
    "check": "M4 6l1.5 1.5L8 5M4 12l1.5 1.5L8 11M4 18l1.5 1.5L8 17M11.5 6.5H20M11.5 12.5H20M11.5 18.5H20",
    "grid": "M4 4h16v16H4zM4 9.3h16M4 14.6h16M9.3 4v16M14.6 4v16",
    "pen": "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3M12 20h8",
    "book": "M12 6c-2-1.5-5-2-8-2v14c3 0 6 .5 8 2c2-1.5 5-2 8-2V4c-3 0-6 .5-8 2zM12 6v14",
    "report": "M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7",
    "people": "M9 4.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7M2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 5a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .8 3.2 2.7 3.5 5.5",
    "tree": "M9 3h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 8v4M6 16v-4h12v4",
    "overview": "M4 20V10M10 20V4M16 20v-7M21 20H3",
    "sheet": "M5 3h14v18H5zM9 8h6M9 12h6M9 16h3",
    "scale": "M5 4h14v16H5zM8 9l1.5 1.5L12 8M8 15l1.5 1.5L12 14M14.5 9.5h2M14.5 15.5h2",
    "journal": "M6 3h13v18H6zM6 7H3.5M6 12H3.5M6 17H3.5M10 8h5M10 12h5",
    "stop": "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M5.7 5.7l12.6 12.6",
    "bell": "M12 4a5.5 5.5 0 0 0-5.5 5.5c0 4-1.5 6-2.5 7h16c-1-1-2.5-3-2.5-7A5.5 5.5 0 0 0 12 4M12 2.5V4M10 19.5a2 2 0 0 0 4 0",
    "send": "M4 12L20 4l-5 16-3.5-6.5zM11.5 13.5L20 4",
    "board": "M4 4h16v11H4zM8 8h8M8 11h5M12 15v5M8 20h8",
    "more": "M5 11a1 1 0 1 0 0 2a1 1 0 1 0 0-2M12 11a1 1 0 1 0 0 2a1 1 0 1 0 0-2M19 11a1 1 0 1 0 0 2a1 1 0 1 0 0-2",
    "ballot": "M4 12h16v8H4zM8 12V4h8v8M9 15.5h6",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M15.5 15.5L20 20",
}


def svg(name: str) -> str:
    return (
        '<svg class="icon" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        f'<path d="{PATHS[name]}"/></svg>'
    )
