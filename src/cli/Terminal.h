#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace chancery::cli {

enum class ColourChoice { Auto, Always, Never };

/// What the two output streams are, asked once at the start.
struct Terminal {
    bool outIsTerminal = false;
    bool errIsTerminal = false;
    bool outColours = false;
    bool errColours = false;
    /// Cells per line: COLUMNS, else the window's, else 120.
    std::size_t width = 120;
    /// Whether long cells are cut to the width: on a terminal, or when COLUMNS asks for a width. In
    /// a pipe all is shown, in several lines where it must be.
    bool cuts = false;

    /// Colours on a terminal only, and not with NO_COLOR (any value but the empty one) or
    /// TERM=dumb; `choice` overrules.
    static Terminal detect(ColourChoice choice);

    using Environment = std::function<const char*(const char*)>;
    static Terminal from(ColourChoice choice, bool outIsTerminal, bool errIsTerminal,
                         std::size_t windowWidth, const Environment& environment);
};

}  // namespace chancery::cli
