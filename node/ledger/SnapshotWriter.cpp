#include "node/ledger/SnapshotWriter.h"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <cerrno>

#include "node/ledger/Disk.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"

namespace chancery::node {
namespace {

constexpr std::size_t kBufferBytes = 256U << 10;
constexpr char kFormat = 1;

void appendVarint(Bytes& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
    out.push_back(static_cast<char>(value));
}

}  // namespace

Result<SnapshotFileWriter> SnapshotFileWriter::create(const std::filesystem::path& file) {
    SnapshotFileWriter writer(file);
    writer.m_file.reset(std::fopen(file.c_str(), "wxb"));
    if (writer.m_file == nullptr) return diskError(errno, "make", file);
    writer.m_buffer.push_back(kFormat);
    return writer;
}

void SnapshotFileWriter::number(std::uint64_t value) {
    appendVarint(m_buffer, value);
    flushIfLong();
}

void SnapshotFileWriter::bytes(BytesView value) {
    appendVarint(m_buffer, value.size());
    m_buffer.append(value);
    flushIfLong();
}

void SnapshotFileWriter::flushIfLong() {
    if (m_buffer.size() >= kBufferBytes) flush();
}

void SnapshotFileWriter::flush() {
    m_hasher.update(m_buffer);
    if (m_error == 0 &&
        std::fwrite(m_buffer.data(), 1, m_buffer.size(), m_file.get()) != m_buffer.size())
        m_error = errno;
    m_buffer.clear();
}

Result<Bytes> SnapshotFileWriter::finish() {
    flush();
    if (m_error == 0 && std::fflush(m_file.get()) != 0) m_error = errno;
    if (m_error != 0) return diskError(m_error, "write", m_path);
    if (::fsync(::fileno(m_file.get())) != 0) return syncError(errno, m_path);
    m_file.reset();
    return m_hasher.finish();
}

Status writeSnapshotInfo(const std::filesystem::path& folder, protocol::SnapshotInfo& info) {
    std::string files;
    for (const auto& [name, hash] : info.fileHashes)
        files +=
            fmt::format("{}\n        \"{}\": \"{}\"", files.empty() ? "" : ",", name, toHex(hash));
    const std::string signable = fmt::format(
        "{{\n    \"channel_name\": \"{}\",\n    \"last_block_number\": {},\n"
        "    \"last_block_hash\": \"{}\",\n    \"previous_block_hash\": \"{}\",\n"
        "    \"snapshot_files_raw_hashes\": {{{}\n    }},\n    \"state_db_type\": \"{}\"\n}}",
        info.channel.str(), info.lastBlock, toHex(info.lastBlockHash),
        toHex(info.previousBlockHash), files, info.stateDbType);
    info.snapshotHash = crypto::sha256(signable);
    const std::string additional = fmt::format(
        "{{\n    \"snapshot_hash\": \"{}\",\n    \"last_block_commit_hash\": \"{}\"\n}}",
        toHex(info.snapshotHash), toHex(info.lastCommitHash));
    RETURN_IF_ERROR(writeNewFile(folder / "_snapshot_signable_metadata.json", signable));
    return writeNewFile(folder / "_snapshot_additional_metadata.json", additional);
}

}  // namespace chancery::node
