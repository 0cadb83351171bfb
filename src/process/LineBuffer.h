#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace chancery::process {

/// Cuts a stream of bytes into lines. A line longer than the cap is handed over in pieces of that
/// length.
class LineBuffer {
public:
    static constexpr std::size_t kMaxLine = 64 * 1024;

    /// Calls `take(std::string_view)` for each line that is complete now, without its line end (\n
    /// or \r\n).
    template <class Take>
    void append(std::string_view bytes, Take&& take) {
        while (!bytes.empty()) {
            const std::size_t room = kMaxLine - m_started.size();
            const std::size_t end = bytes.substr(0, room).find('\n');
            if (end == std::string_view::npos) {
                const std::size_t taken = std::min(room, bytes.size());
                m_started.append(bytes.substr(0, taken));
                bytes.remove_prefix(taken);
                if (m_started.size() == kMaxLine) flush(take);
                continue;
            }
            m_started.append(bytes.substr(0, end));
            bytes.remove_prefix(end + 1);
            if (m_started.ends_with('\r')) m_started.pop_back();
            take(std::string_view(m_started));
            m_started.clear();
        }
    }

    /// Hands over what stands behind the last line end, if anything.
    template <class Take>
    void flush(Take&& take) {
        if (!m_started.empty()) take(std::string_view(m_started));
        m_started.clear();
    }

private:
    std::string m_started;
};

}  // namespace chancery::process
