#pragma once

#include <optional>
#include <vector>

#include "src/index/FileList.h"
#include "src/protocol/BlockFolder.h"

namespace chancery::index {

/// Where the next block is looked for.
struct SourcePosition {
    std::size_t file = 0;      ///< in the list
    std::uint64_t offset = 0;  ///< in its (unpacked) bytes
};

/// The blocks of listed files from a position on. One thread at a time.
class Source final : public protocol::BlockSource {
public:
    Source(std::vector<ListedFile> files, SourcePosition start);

    Result<std::optional<protocol::SourcedBlock>> next() override;
    std::uint64_t bytesDone() const override;
    std::uint64_t bytesTotal() const override { return m_total; }

private:
    Result<std::optional<protocol::SourcedBlock>> advance();

    std::vector<ListedFile> m_files;
    SourcePosition m_start;
    std::size_t m_index;
    std::optional<protocol::FileBlocks> m_current;
    std::uint64_t m_done = 0;
    std::uint64_t m_total = 0;
    Status m_fault;
};

}  // namespace chancery::index
