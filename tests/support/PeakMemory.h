#pragma once

namespace chancery::test {

/// Resident memory of this process as the kernel counts it.
class PeakMemory {
public:
    /// Begins to watch: gives freed memory back and lets the kernel forget its old peak.
    PeakMemory();
    /// How far the memory rose above where it stood at the beginning, also if it fell again since.
    long growthKiB() const;

    /// Whether figures mean something: not under a sanitizer, whose shadow memory grows too, and
    /// not on a kernel that keeps no peak or does not forget it.
    static bool isTold();

private:
    long m_before;
};

}  // namespace chancery::test
