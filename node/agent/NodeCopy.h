#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "node/agent/Supervisor.h"
#include "src/base/Bytes.h"
#include "src/base/Descriptor.h"

namespace chancery::agent {

/// A node's folder as it was at one moment. What is only ever appended to, block files, stays where
/// it is and is read to the last whole block of that moment; everything else is copied while the
/// process stands still. So the copy is what a node finds that was killed at this moment, and nodes
/// are made to go on from that.
class NodeCopy {
public:
    struct File {
        std::string path;  ///< below the node's folder
        std::uint64_t bytes = 0;
        unsigned mode = 0;
    };
    /// `scratch` is made for the copy and removed with it.
    static Result<NodeCopy> take(Supervisor::Hold& hold, const std::filesystem::path& folder,
                                 const std::filesystem::path& scratch);
    NodeCopy(NodeCopy&&) noexcept = default;
    ~NodeCopy();

    const std::map<std::string, std::uint64_t>& heights() const { return m_heights; }
    /// Files in the order of their paths, with their bytes in pieces.
    Status read(const std::function<Status(const File&)>& begin,
                const std::function<Status(BytesView)>& content) const;

private:
    struct Source {
        File file;
        Descriptor open;
    };
    explicit NodeCopy(std::filesystem::path scratch) : m_scratch(std::move(scratch)) {}
    Status collect(const std::filesystem::path& folder);
    Status cutToBlocks();

    std::filesystem::path m_scratch;
    std::vector<Source> m_files;
    std::map<std::string, std::uint64_t> m_heights;
};

/// Puts a copy into a node that has no data, wholly or not at all.
class NodeRestore {
public:
    static constexpr std::size_t kMaxFiles = 1'000'000;
    /// Files are collected in `scratch` until `finish`.
    static Result<NodeRestore> begin(const std::filesystem::path& scratch);
    NodeRestore(NodeRestore&&) noexcept = default;
    ~NodeRestore();

    /// INVALID_ARGUMENT (BAD_COPY) with `path`.
    Status file(const NodeCopy::File& file);
    Status content(BytesView bytes);
    /// The node's folder is replaced by what was collected.
    Status finish(const std::filesystem::path& folder);

private:
    explicit NodeRestore(std::filesystem::path scratch) : m_scratch(std::move(scratch)) {}
    Status endFile();

    std::filesystem::path m_scratch;
    std::string m_path;
    std::uint64_t m_missing = 0;
    std::size_t m_count = 0;
    Descriptor m_file;
};

}  // namespace chancery::agent
