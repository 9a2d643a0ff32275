from ckanext.idgo.metadata.core.reading import Element, Reading


def to_19139(element: Element, reading: Reading) -> Element:
    return element
