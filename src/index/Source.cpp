#include "src/index/Source.h"

namespace chancery::index {

Source::Source(std::vector<ListedFile> files, SourcePosition start)
    : m_files(std::move(files)), m_start(start), m_index(start.file) {
    for (std::size_t i = 0; i < m_files.size(); ++i) {
        m_total += m_files[i].size;
        if (i < start.file) m_done += m_files[i].size;
    }
}

Result<std::optional<protocol::SourcedBlock>> Source::next() {
    if (!m_fault.ok()) return m_fault;
    auto block = advance();
    if (!block.ok()) m_fault = block.status();
    return block;
}

Result<std::optional<protocol::SourcedBlock>> Source::advance() {
    while (m_index < m_files.size()) {
        if (!m_current) {
            ASSIGN_OR_RETURN(auto opened, protocol::FileBlocks::open(m_files[m_index].path));
            if (m_index == m_start.file) opened.seek(m_start.offset);
            m_current = std::move(opened);
        }
        ASSIGN_OR_RETURN(auto block, m_current->next());
        if (block) return block;
        m_current.reset();
        m_done += m_files[m_index++].size;
    }
    return std::optional<protocol::SourcedBlock>();
}

std::uint64_t Source::bytesDone() const {
    if (!m_current) return m_done;
    // Progress inside a compressed file is told in bytes on disk.
    const double part = m_current->size() == 0 ? 1.0
                                               : static_cast<double>(m_current->position()) /
                                                     static_cast<double>(m_current->size());
    return m_done + static_cast<std::uint64_t>(part * static_cast<double>(m_files[m_index].size));
}

}  // namespace chancery::index
