#include "src/usecase/LedgerFiles.h"

#include "src/protocol/BlockFile.h"

namespace chancery::usecase {
namespace {

struct Part {
    protocol::BlockSourcePtr source;
    std::optional<protocol::SourcedBlock> first;  ///< looked at to find the order
};

class JoinedSource final : public protocol::BlockSource {
public:
    explicit JoinedSource(std::vector<Part> parts) : m_parts(std::move(parts)) {}

    Result<std::optional<protocol::SourcedBlock>> next() override {
        while (m_at < m_parts.size()) {
            Part& part = m_parts[m_at];
            if (auto block = std::exchange(part.first, std::nullopt)) return block;
            ASSIGN_OR_RETURN(auto block, part.source->next());
            if (block) return block;
            ++m_at;
        }
        return std::nullopt;
    }

    std::uint64_t bytesDone() const override {
        std::uint64_t bytes = 0;
        for (const Part& part : m_parts) bytes += part.source->bytesDone();
        return bytes;
    }

    std::uint64_t bytesTotal() const override {
        std::uint64_t bytes = 0;
        for (const Part& part : m_parts) bytes += part.source->bytesTotal();
        return bytes;
    }

private:
    std::vector<Part> m_parts;
    std::size_t m_at = 0;
};

}  // namespace

bool isSnapshotFolder(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::exists(path / "_snapshot_signable_metadata.json", ignored);
}

Result<protocol::BlockSourcePtr> openLedger(const std::vector<std::filesystem::path>& paths) {
    if (paths.size() == 1) return protocol::openBlocks(paths.front());
    std::vector<Part> parts;
    for (const auto& path : paths) {
        ASSIGN_OR_RETURN(protocol::BlockSourcePtr source, protocol::openBlocks(path));
        ASSIGN_OR_RETURN(auto first, source->next());
        if (first) parts.push_back({std::move(source), std::move(first)});
    }
    std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
        return a.first->block.number() < b.first->block.number();
    });
    return protocol::BlockSourcePtr(std::make_unique<JoinedSource>(std::move(parts)));
}

}  // namespace chancery::usecase
