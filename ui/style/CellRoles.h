#pragma once

#include <Qt>

/// What a cell says besides Qt's own roles. Models give these without knowing any widget; the
/// delegates of ui/widgets draw them. All are optional.
namespace chancery::ui::cell {

enum Role {
    CopyText = Qt::UserRole + 200,  ///< QString: whole value for Ctrl+C; else DisplayRole
    Glyph,                          ///< int(Status): mark before the text
    GlyphName,                      ///< QString: icon of resources/icons before the text
    TextTone,                       ///< int(Tone); else text
    Strong,                         ///< bool: DemiBold
    Monospace,                      ///< bool
    Secondary,                      ///< QString: dimmer text behind the first
    Elide,                          ///< int(Qt::TextElideMode)
    ChipText,                       ///< QString: two letters of an organisation
    ChipSeries,                     ///< int: Theme::seriesTone of the chip's edge
    ChannelIndex,                   ///< int: channel mark (plain, hatched …) before the text
    BarValue,                       ///< double: length of the bar
    BarMaximum,                     ///< double: full length
    BarBad,                         ///< double: part of it that is invalid, drawn as the red end
    SparkValues,                    ///< QVariantList of double, oldest first
    Diff,                           ///< int(DiffKind): background of the value
    GroupRow,                       ///< bool: subtle row that heads others
    BadgeTone,                      ///< int(BadgeTone): the text is drawn as a badge
    Loading,                        ///< bool: not there yet, drawn as a grey block
};

enum class DiffKind { None, Before, After, Changed };

}  // namespace chancery::ui::cell
