"""Extracts chosen members of a wheel: extract.py WHEEL FOLDER SUFFIX... -- HEADER_PREFIX...

Libraries (members whose path ends in one of the names) go to FOLDER, headers below FOLDER/include.
Prints the bytes written so far, one number a line, then `name sha256` for each library.
Everything is flushed to disk before it returns, so that a rename afterwards vouches for the content.
"""

import hashlib
import os
import sys
import zipfile

BLOCK = 1 << 22


def destination(member, libraries, headers):
    name = member.rsplit("/", 1)[-1]
    if member == "tensorflow/" + name and name in libraries:
        return name
    if ".." not in member.split("/") and any(member.startswith(prefix) for prefix in headers):
        return member.split("/", 1)[1]
    return None


def main():
    wheel, folder = sys.argv[1:3]
    divider = sys.argv.index("--")
    libraries, headers = sys.argv[3:divider], sys.argv[divider + 1 :]
    written = 0
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            path = None if entry.is_dir() else destination(entry.filename, libraries, headers)
            if path is None:
                continue
            target = os.path.join(folder, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            digest = hashlib.sha256()
            with archive.open(entry) as source, open(target, "wb") as sink:
                while True:
                    block = source.read(BLOCK)
                    if not block:
                        break
                    digest.update(block)
                    sink.write(block)
                    written += len(block)
                    print(written, flush=True)
                sink.flush()
                os.fsync(sink.fileno())
            if path in libraries:
                print(path, digest.hexdigest(), flush=True)


main()
