#pragma once

#include <cstddef>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

#include "src/cli/Table.h"
#include "src/cli/Text.h"

namespace chancery::cli {

/// Lays text out on a stream: lines, paragraphs, label and value pairs, tables, trees. Indents
/// count cells.
class Printer {
public:
    struct Options {
        bool colours = false;
        std::size_t width = 100;
        bool cuts = false;  ///< cut table cells to the width; sentences are wrapped in any case
    };
    Printer(std::ostream& out, Options options) : m_out(out), m_options(options) {}

    using Field = std::pair<std::string, Text>;

    void blank();
    void line(const Text& text, std::size_t indent = 0);
    /// Wrapped at the width; later lines stand under the first one.
    void paragraph(const Text& text, std::size_t indent = 0);
    /// As a paragraph behind a mark such as "•" or "✓".
    void item(const Text& mark, const Text& text, std::size_t indent = 0);
    /// A title with a blank line before it, except at the very beginning.
    void heading(std::string_view title, const Text& note = {});
    /// "Label  value" with values aligned; pairs with an empty value are left out. A hash or id
    /// that fits into a line, but not behind its label, stands whole below it.
    void fields(const std::vector<Field>& fields, std::size_t indent = 0);
    void table(const Table& table, std::size_t indent = 0);
    void tree(const TreeNode& root, std::size_t indent = 0);
    /// Bytes that are already in their final form (JSON, a script).
    void raw(std::string_view text);

    std::size_t width() const { return m_options.width; }
    bool cuts() const { return m_options.cuts; }
    /// Whether a table left something out because of the width.
    bool shortened() const { return m_shortened; }
    /// False when the stream refused something.
    bool good();

private:
    void write(const Text& text);
    void branches(const std::vector<TreeNode>& nodes, const Text& prefix, std::size_t indent);
    void hanging(const Text& first, const Text& later, const Text& text, std::size_t indent);

    std::ostream& m_out;
    Options m_options;
    bool m_begun = false;
    bool m_shortened = false;
    bool m_blank = false;
};

}  // namespace chancery::cli
