#pragma once

#include <cstddef>
#include <filesystem>

#include "src/base/Status.h"

namespace chancery::bench {

/// With `--quick`: small data and rough figures, for a look while working.
void setQuick(bool quick);
bool isQuick();

/// Folder beside the program's for data that is dear to make; it stays.
std::filesystem::path benchData();

/// The ledger that is measured with: 1,000,000 transactions in 20,000 blocks, or 20,000 in 400 when
/// quick. Made once and kept.
struct MeasuredLedger {
    std::filesystem::path folder;
    std::size_t transactions = 0;
};
Result<MeasuredLedger> measuredLedger();

/// A folder that goes again.
class ScratchFolder {
public:
    explicit ScratchFolder(const std::filesystem::path& inside);
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    /// Empty when it could not be made.
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

/// Most memory that this process ever had at once since the last reset, in MB; 0 where /proc does
/// not tell.
double peakMegabytes();
void resetPeak();

}  // namespace chancery::bench
