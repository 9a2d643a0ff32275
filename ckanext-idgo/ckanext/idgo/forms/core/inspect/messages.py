"""Every sentence an inspection can say: errors (which stop) and findings (which travel with the facts).

Codes are stable; sentences are msgids, their French is in the room's catalogue.
"""

from __future__ import annotations

from typing import Any

from ckanext.idgo.common.core.errors import N_ as N_
from ckanext.idgo.common.core.errors import BadInput, TooLarge, UnreadableFile
from ckanext.idgo.forms.core.facts import Finding

ACCEPTED = (
    "SHP (zip), GPKG, GeoJSON, KML, KMZ, GML, MIF/MID, TAB, FlatGeobuf, DXF, CSV, TSV, JSON, XLSX, XLS, ODS, "
    "GeoTIFF, GTFS, NeTEx, PDF, PNG, JPEG"
)

_U, _L, _B = UnreadableFile, TooLarge, BadInput

ERRORS: dict[str, tuple[type[BadInput], str]] = {
    "empty_file": (_B, N_("The file is empty.")),
    "file_missing": (_B, N_("The file is no longer there: send it again.")),
    "file_too_large": (_L, N_("The file weighs {size_mb} MB; the limit is {limit_mb} MB.")),
    "unsupported_format": (_U, N_("This kind of file is not accepted. Accepted: {accepted}.")),
    "web_page": (
        _U,
        N_(
            "This is a web page, not a file of data: give the address of the file itself (its download link)."
        ),
    ),
    "remote_reference": (
        _U,
        N_("This file only points to other files or addresses ({kind}): send the data itself."),
    ),
    "unreadable": (
        _U,
        N_("The file looks like {format} but cannot be read: it may be damaged or incomplete."),
    ),
    "truncated": (_U, N_("The {format} file is cut short: send it again in full.")),
    "parser_crashed": (_U, N_("The file could not be read: reading it failed abruptly. It may be damaged.")),
    "parser_timeout": (_U, N_("Reading the file took more than {seconds} s and was stopped.")),
    "zip_broken": (_U, N_("The zip archive is damaged or incomplete.")),
    "zip_encrypted": (_U, N_("The zip archive is protected by a password: send it without one.")),
    "zip_unsafe_path": (_U, N_("The zip archive holds an unsafe path: “{member}”.")),
    "zip_symlink": (_U, N_("The zip archive holds a symbolic link: “{member}”.")),
    "zip_bomb": (_L, N_("Once unpacked the archive would be {ratio} times larger: it was not opened.")),
    "zip_too_large": (_L, N_("Once unpacked the archive weighs {size_mb} MB; the limit is {limit_mb} MB.")),
    "zip_too_many_members": (_L, N_("The archive holds {count} files; the limit is {limit}.")),
    "zip_compression": (_U, N_("“{member}” is compressed in a way that is not supported: use plain zip.")),
    "zip_nested": (_U, N_("The archive only holds other archives: send each one by itself.")),
    "zip_several_files": (_U, N_("The archive holds several data files ({names}): send each one by itself.")),
    "zip_nothing_usable": (_U, N_("The archive holds nothing that can be read. Accepted: {accepted}.")),
    "shp_member_missing": (_U, N_("The shapefile “{name}” has no {extension} file: add it to the archive.")),
    "shp_alone": (_U, N_("A shapefile is several files: send .shp, .shx, .dbf and .prj together in a zip.")),
    "companion_missing": (_U, N_("“{name}” needs its {extension} file: send both together in a zip.")),
    "xml_doctype": (_U, N_("The XML file declares a document type (DOCTYPE), which is refused for safety.")),
    "xml_broken": (_U, N_("The XML file is malformed.")),
    "pixels_impossible": (
        _U,
        N_("The header of the {format} claims {width} × {height} pixels: its file is too small for them."),
    ),
    "geometries_unusable": (_U, N_("None of the {count} geometries can be read (first ones: rows {rows}).")),
    "json_broken": (_U, N_("The JSON is malformed near character {position}.")),
    "json_truncated": (_U, N_("The JSON stops before its end: the file is incomplete.")),
    "json_too_deep": (_U, N_("The JSON is nested too deeply.")),
    "json_too_large": (_L, N_("One value of the JSON weighs more than {limit_mb} MB.")),
    "csv_line_too_long": (
        _U,
        N_("A line of the table is longer than {limit_mb} MB: is this really a table?"),
    ),
    "csv_not_a_table": (_U, N_("No table was recognised in this text file (separators ; , tab or |).")),
    "too_many_columns": (_L, N_("The table has {count} columns; the limit is {limit}.")),
    "too_many_layers": (_L, N_("The file has {count} layers; the limit is {limit}.")),
    "unknown_crs": (_B, N_("“{crs}” is not a known projection: give an EPSG code such as EPSG:2154.")),
    "workbook_password": (_U, N_("The workbook is protected by a password: send it without one.")),
}

_W, _I = "warning", "info"

FINDINGS: dict[str, tuple[str, str]] = {
    "wrong_extension": (_W, N_("The name ends in “.{extension}” but the content is {format}.")),
    "missing_prj": (_W, N_("“{name}” does not say its projection (no .prj file).")),
    "missing_crs": (_W, N_("“{name}” does not say its projection.")),
    "crs_guess": (_W, N_("The coordinates of “{name}” are consistent with {label} ({crs}): please confirm.")),
    "crs_assumed": (_I, N_("“{name}” was read in {crs}, as confirmed.")),
    "unknown_projection": (_W, N_("The projection of “{name}” is not a known one: {crs_name}.")),
    "lat_lon_swapped": (_W, N_("Latitude and longitude look swapped in “{name}”.")),
    "coordinates_out_of_range": (_W, N_("{count} features have coordinates outside the globe.")),
    "broken_geometry": (_W, N_("{count} geometries are broken (first ones: rows {rows}).")),
    "invalid_geometry": (
        _W,
        N_("{count} of the first {checked} geometries are invalid (self-crossing rings)."),
    ),
    "missing_geometry": (_I, N_("{count} rows have no geometry.")),
    "geojson_crs": (_I, N_("This GeoJSON is in {crs}; the standard (RFC 7946) asks for WGS 84.")),
    "json_nan": (_W, N_("The JSON holds NaN or Infinity, which the standard forbids.")),
    "json_not_utf8": (_W, N_("The JSON is not in UTF-8 but in {encoding}.")),
    "empty_layer": (_W, N_("“{name}” holds no row.")),
    "layer_not_read": (_W, N_("“{name}” is a view or a virtual table: it was not read.")),
    "only_header": (_W, N_("The table has a header and no row.")),
    "ragged_rows": (
        _W,
        N_("{count} rows do not have the {columns} columns of the header (first: row {row})."),
    ),
    "mixed_separators": (_W, N_("Some lines use another separator than “{separator}”.")),
    "null_bytes": (_W, N_("{count} null bytes were found and ignored.")),
    "duplicate_columns": (_W, N_("Column names appear several times: {names}.")),
    "empty_columns": (_W, N_("{count} columns have no name.")),
    "no_header": (_W, N_("The first line looks like data: the table seems to have no header.")),
    "preamble_skipped": (_I, N_("{count} lines before the header were skipped.")),
    "unbalanced_quotes": (_W, N_("A quotation mark is opened and never closed: quotes were read as text.")),
    "encoding_guessed": (_I, N_("The text is not in UTF-8; it was read as {encoding}.")),
    "undecodable": (_W, N_("Some characters could not be decoded as {encoding}.")),
    "coordinates_ignored": (_W, N_("{count} rows have unusable coordinates.")),
    "not_georeferenced": (_W, N_("The image is not georeferenced.")),
    "truncated_image": (_W, N_("The {format} file seems incomplete.")),
    "no_table_in_json": (_I, N_("No table was recognised in this JSON.")),
    "inside_zip": (_I, N_("The data was read from “{member}” inside the archive.")),
    "members_ignored": (_I, N_("{count} other files of the archive were not read.")),
}


def error(code: str, **params: Any) -> BadInput:
    """The typed error of ``code`` (a key of ``ERRORS``), ready to raise."""
    kind, template = ERRORS[code]
    if "{accepted}" in template:
        params.setdefault("accepted", ACCEPTED)
    return kind(code, template, **params)


def finding(code: str, **params: Any) -> Finding:
    """The finding of ``code`` (a key of ``FINDINGS``); extra params travel with it for programs."""
    level, template = FINDINGS[code]
    return Finding(level, code, template, params)
