#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "src/cli/Text.h"

namespace chancery::cli {

enum class Align { Left, Right };

/// What a column does when the line is too short: nothing, cut at the end (names), cut in the
/// middle (hashes, ids), or go on in the next line (sentences).
enum class Fit { Keep, CutEnd, CutMiddle, Wrap };

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

    /// Heading, rule and rows, each at most `width` cells where the columns allow it. Without
    /// `cuts` only sentences give way, by going on in the next line.
    std::vector<Text> lines(std::size_t width, bool cuts = true) const;

private:
    std::vector<std::size_t> widths(std::size_t width, bool cuts) const;
    void appendRow(std::vector<Text>& lines, const std::vector<Text>& cells,
                   const std::vector<std::size_t>& widths) const;

    std::vector<Column> m_columns;
    std::vector<std::vector<Text>> m_rows;
};

/// A tree with branch lines, for policies and configuration.
struct TreeNode {
    Text text;
    std::vector<TreeNode> children;
};

}  // namespace chancery::cli
