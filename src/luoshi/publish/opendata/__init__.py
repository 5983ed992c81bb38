"""Open data of a release: tables with a codebook in csv, jsonl and parquet, a Data Package, and the indicators as SDMX. Pure."""

from luoshi.publish.opendata.packing import FileAbout, about_files, files_of, media_of

__all__ = ["FileAbout", "about_files", "files_of", "media_of"]
