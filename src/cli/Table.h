#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "src/cli/Text.h"

namespace chancery::cli {

enum class Align { Left, Right };

/// What a column does when the line is too short: nothing, as long as others can give way (times,
/// numbers); be cut at the end (names) or in the middle (paths); go on in the next line
/// (sentences). Ids and hashes are cut in the middle before anything else gives way.
enum class Fit { Keep, CutEnd, CutMiddle, Wrap, Id };

struct Column {
    std::string title;
    Align align = Align::Left;
    Fit fit = Fit::Keep;
    std::size_t least = 8;  ///< cells below which it is not cut
};

/// Rows under aligned columns. Knows nothing of the screen but the width it is asked for.
class Table {
public:
    explicit Table(std::vector<Column> columns) : m_columns(std::move(columns)) {}

    /// A missing or empty cell shows as an en dash.
    void row(std::vector<Text> cells);
    std::size_t rows() const { return m_rows.size(); }

    /// Heading, rule and rows, each at most `width` cells unless there are more columns than that
    /// has room for. Without `cuts` nothing is left out: what is too long goes on in the next line,
    /// and ids that do not fit stand whole on a line of their own below their row.
    std::vector<Text> lines(std::size_t width, bool cuts = true) const;
    /// Whether lines(width, true) leaves something out.
    bool shortens(std::size_t width) const;

private:
    struct Layout {
        std::vector<std::size_t> widths;
        bool idsBelow = false;  ///< columns of ids have no place in the row
    };
    Layout layout(std::size_t width, bool cuts) const;
    std::size_t longestCell(std::size_t column) const;
    bool isBelow(std::size_t column, const Layout& layout) const;
    std::vector<Text> partsOf(const Text& cell, std::size_t column, const Layout& layout,
                              bool cuts) const;
    void appendParts(std::vector<Text>& lines, const std::vector<std::vector<Text>>& parts,
                     const Layout& layout) const;
    void appendHeading(std::vector<Text>& lines, const Layout& layout) const;

    std::vector<Column> m_columns;
    std::vector<std::vector<Text>> m_rows;
};

/// A tree with branch lines, for policies and configuration.
struct TreeNode {
    Text text;
    std::vector<TreeNode> children;
};

}  // namespace chancery::cli
