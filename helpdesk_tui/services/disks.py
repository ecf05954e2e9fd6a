"""What kind of disk a store lies on: one over the network cannot be shared by processes."""

from __future__ import annotations

from pathlib import Path

from helpdesk_tui.domain.errors import StoreError

REFUSED = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs")
"""File systems on which SQLite's log cannot be shared: the store would be damaged."""
DOUBTFUL = ("fuse.sshfs", "9p", "ceph", "fuse.glusterfs")
"""File systems of which it depends on how they are mounted."""
MOUNTS = Path("/proc/mounts")


def disk_kind(place: Path, mounts: Path = MOUNTS) -> str:
    """Return the type of the file system that holds a place, as Linux names it; else nothing."""
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    whole = place.resolve()
    best, kind = -1, ""
    for line in lines:
        parts = line.split()
        if len(parts) < 3:
            continue
        folder = parts[1].replace("\\040", " ")
        # of two mounts on one folder the later one is what is seen
        if len(folder) >= best and whole.is_relative_to(folder):
            best, kind = len(folder), parts[2]
    return kind


def require_local(root: Path, mounts: Path = MOUNTS) -> None:
    """Refuse a store on a disk of another machine.

    Raises:
        StoreError: ``store.remote-disk``.
    """
    kind = disk_kind(root, mounts)
    if kind in REFUSED:
        raise StoreError("store.remote-disk", path=str(root), kind=kind)
