#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/Bytes.h"
#include "src/channel/Difference.h"

namespace chancery::channel {

using ChangeArguments = std::vector<std::pair<std::string, std::string>>;

/// Collects the changes of one element. Texts are made printable here.
class ChangeList {
public:
    /// `common` are arguments that all changes of the element have.
    explicit ChangeList(std::string path, ChangeArguments common = {})
        : m_path(std::move(path)), m_common(std::move(common)) {}

    using Text = std::optional<std::string>;

    /// A setting that is there or not. Null when both texts are the same: nothing is added.
    Change* setting(std::string_view subject, const Text& before, const Text& after,
                    ChangeArguments arguments = {});
    /// A member of a list. The reference is good until the next addition.
    Change& item(std::string_view subject, ChangeKind kind, ChangeArguments arguments = {});
    /// Members of two lists by their text, each as often as it occurs more in one than the other.
    void items(std::string_view subject, std::vector<std::string> before,
               std::vector<std::string> after);

    const std::string& path() const { return m_path; }
    bool empty() const { return m_changes.empty(); }
    std::vector<Change> take() { return std::move(m_changes); }
    void append(std::vector<Change> changes);

private:
    Change& add(std::string_view subject, ChangeKind kind, ChangeArguments arguments);

    std::string m_path;
    ChangeArguments m_common;
    std::vector<Change> m_changes;
};

/// What bytes are that nobody here can read: "17 bytes, SHA-256 9c56…".
std::string describeBytes(BytesView bytes);

/// "10 MiB", "512 KiB", "99999999 bytes".
std::string describeSize(std::uint64_t bytes);

/// A Go duration for people: "2 s", "500 ms", "1 min 30 s"; other text in quotes.
std::string describeDuration(const std::string& text);

}  // namespace chancery::channel
