"""heapq in plain Python. The heaps it makes are item for item those that CPython makes."""

from __future__ import annotations

from typing import Final

SOURCE: Final = """
def _sandbox_sift_up(heap, at):
    item = heap[at]
    while at > 0:
        parent = (at - 1) >> 1
        if item < heap[parent]:
            heap[at] = heap[parent]
            at = parent
        else:
            break
    heap[at] = item
def _sandbox_sift_down(heap, at):
    start, end, item = at, len(heap), heap[at]
    child = 2 * at + 1
    while child < end:
        right = child + 1
        if right < end and not heap[child] < heap[right]:
            child = right
        heap[at] = heap[child]
        at = child
        child = 2 * at + 1
    heap[at] = item
    while at > start:
        parent = (at - 1) >> 1
        if item < heap[parent]:
            heap[at] = heap[parent]
            at = parent
        else:
            break
    heap[at] = item
def _sandbox_heappush(heap, item):
    heap.append(item)
    _sandbox_sift_up(heap, len(heap) - 1)
def _sandbox_heappop(heap):
    if not heap:
        raise IndexError('index out of range')
    last = heap.pop()
    if not heap:
        return last
    first = heap[0]
    heap[0] = last
    _sandbox_sift_down(heap, 0)
    return first
def _sandbox_heapify(heap):
    for at in range(len(heap) // 2 - 1, -1, -1):
        _sandbox_sift_down(heap, at)
def _sandbox_heappushpop(heap, item):
    if heap and heap[0] < item:
        item, heap[0] = heap[0], item
        _sandbox_sift_down(heap, 0)
    return item
def _sandbox_heapreplace(heap, item):
    if not heap:
        raise IndexError('index out of range')
    first = heap[0]
    heap[0] = item
    _sandbox_sift_down(heap, 0)
    return first
def _sandbox_nsmallest(n, iterable, key=None):
    return sorted(iterable, key=key)[:max(n, 0)]
def _sandbox_nlargest(n, iterable, key=None):
    return sorted(iterable, key=key, reverse=True)[:max(n, 0)]
def _sandbox_merge(*iterables, key=None, reverse=False):
    parts = [list(part) for part in iterables]
    if key is not None:
        parts = [[(key(value), value) for value in part] for part in parts]
    else:
        parts = [[(value, value) for value in part] for part in parts]
    merged = []
    while len(parts) > 1:
        parts = [_sandbox_merge_two(parts[i], parts[i + 1], reverse) if i + 1 < len(parts)
                 else parts[i] for i in range(0, len(parts), 2)]
    return iter([value for _, value in parts[0]] if parts else [])
def _sandbox_merge_two(left, right, reverse):
    merged = []
    i = j = 0
    while i < len(left) and j < len(right):
        first, second = (right[j][0], left[i][0])
        if (second < first) if reverse else (first < second):
            merged.append(right[j])
            j += 1
        else:
            merged.append(left[i])
            i += 1
    merged.extend(left[i:])
    merged.extend(right[j:])
    return merged
"""
