#include "src/cli/Printer.h"

#include <algorithm>

namespace chancery::cli {
namespace {

std::string_view codeOf(Tone tone) {
    switch (tone) {
        case Tone::Plain:
            return "";
        case Tone::Strong:
            return "\x1b[1m";
        case Tone::Quiet:
            return "\x1b[2m";
        case Tone::Good:
            return "\x1b[32m";
        case Tone::Bad:
            return "\x1b[31m";
        case Tone::Warning:
            return "\x1b[33m";
        case Tone::Accent:
            return "\x1b[36m";
    }
    return "";
}

}  // namespace

void Printer::write(const Text& text) {
    m_begun = true;
    for (const Text::Span& span : text.spans()) {
        const std::string_view code = m_options.colours ? codeOf(span.tone) : std::string_view();
        m_out << code << span.text << (code.empty() ? "" : "\x1b[0m");
    }
}

void Printer::blank() {
    if (m_begun && !m_blank) m_out << '\n';
    m_blank = true;
}

void Printer::line(const Text& text, std::size_t indent) {
    if (!text.empty()) write(Text(std::string(indent, ' ')) + text);
    m_out << '\n';
    m_blank = false;
}

void Printer::hanging(const Text& first, const Text& later, const Text& text, std::size_t indent) {
    const std::size_t taken = indent + std::max(first.cells(), later.cells());
    const std::size_t room = m_options.width > taken + 20 ? m_options.width - taken : 20;
    const std::vector<Text> lines = text.wrapped(room);
    for (std::size_t i = 0; i < lines.size(); ++i)
        line((i == 0 ? Text(first) : Text(later)) + lines[i], indent);
}

void Printer::paragraph(const Text& text, std::size_t indent) {
    hanging({}, {}, text, indent);
}

void Printer::item(const Text& mark, const Text& text, std::size_t indent) {
    hanging(Text(mark) + Text(" "), std::string(mark.cells() + 1, ' '), text, indent);
}

void Printer::heading(std::string_view title, const Text& note) {
    blank();
    Text text = strong(title);
    if (!note.empty()) text.add("  ").add(note);
    line(text);
}

void Printer::fields(const std::vector<Field>& fields, std::size_t indent) {
    std::size_t widest = 0;
    for (const auto& [label, value] : fields)
        if (!value.empty()) widest = std::max(widest, Text(label).cells());
    for (const auto& [label, value] : fields) {
        if (value.empty()) continue;
        const std::size_t behind = indent + widest + 2;
        const std::size_t longest = value.longestWord();
        if (behind + longest > m_options.width && indent + 2 + longest <= m_options.width) {
            line(quiet(label), indent);
            paragraph(value, indent + 2);
            continue;
        }
        Text first = quiet(label);
        first.add(std::string(widest + 2 - first.cells(), ' '));
        hanging(first, std::string(widest + 2, ' '), value, indent);
    }
}

void Printer::table(const Table& table, std::size_t indent) {
    const std::size_t width = m_options.width > indent ? m_options.width - indent : 1;
    for (const Text& text : table.lines(width, m_options.cuts)) line(text, indent);
    m_shortened = m_shortened || (m_options.cuts && table.shortens(width));
}

void Printer::branches(const std::vector<TreeNode>& nodes, const Text& prefix, std::size_t indent) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const bool last = i + 1 == nodes.size();
        const Text below = Text(prefix) + quiet(last ? "   " : "│  ");
        const Text later = nodes[i].children.empty() ? below : Text(below) + quiet("│ ");
        hanging(Text(prefix) + quiet(last ? "└─ " : "├─ "), later, nodes[i].text, indent);
        branches(nodes[i].children, below, indent);
    }
}

void Printer::tree(const TreeNode& root, std::size_t indent) {
    hanging({}, {}, root.text, indent);
    branches(root.children, {}, indent);
}

void Printer::raw(std::string_view text) {
    m_out << text;
    m_begun = true;
    m_blank = false;
}

bool Printer::good() {
    m_out.flush();
    return m_out.good();
}

}  // namespace chancery::cli
