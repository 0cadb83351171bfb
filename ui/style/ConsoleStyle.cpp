#include "ui/style/ConsoleStyle.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QStyleOption>
#include <QTabBar>
#include <QWidget>

#include "ui/style/Paint.h"
#include "ui/style/SliderPaint.h"

namespace chancery::ui {
namespace {

enum class Shade { Secondary, Primary, Danger, Destructive, Ghost, Link };

Shade shadeOf(const QWidget* widget) {
    const QByteArray tone = widget != nullptr ? widget->property("tone").toByteArray() : "";
    if (tone == "primary") return Shade::Primary;
    if (tone == "danger") return Shade::Danger;
    if (tone == "destructive") return Shade::Destructive;
    if (tone == "ghost") return Shade::Ghost;
    if (tone == "link") return Shade::Link;
    return Shade::Secondary;
}

bool isSolid(Shade shade) {
    return shade == Shade::Primary || shade == Shade::Destructive;
}

int heightOf(const QWidget* widget) {
    const QByteArray size = widget != nullptr ? widget->property("sizing").toByteArray() : "";
    if (size == "small") return 24;
    if (size == "large") return 34;
    return 28;
}

int paddingOf(const QWidget* widget) {
    if (shadeOf(widget) == Shade::Link) return 2;
    return heightOf(widget) == 24 ? 8 : heightOf(widget) == 34 ? 16 : 12;
}

QColor tone(Tone t) {
    return Theme::instance().color(t);
}

QFont buttonFont(const QWidget* widget) {
    const Shade shade = shadeOf(widget);
    QFont font = Theme::instance().font(Type::Button);
    if (heightOf(widget) == 24) font.setPointSizeF(12 * 0.75);
    if (isSolid(shade)) font.setWeight(QFont::DemiBold);
    if (shade == Shade::Link) font.setWeight(QFont::Normal);
    return font;
}

struct ButtonColors {
    QColor fill, line, text;
};

ButtonColors buttonColors(Shade shade, const QStyleOption& option) {
    const bool enabled = option.state & QStyle::State_Enabled;
    const bool hover = enabled && option.state & QStyle::State_MouseOver;
    const bool down = enabled && option.state & (QStyle::State_Sunken | QStyle::State_On);
    if (!enabled) {
        if (shade == Shade::Ghost || shade == Shade::Link) return {{}, {}, tone(Tone::Disabled)};
        return {tone(Tone::Subtle), tone(Tone::Border), tone(Tone::Disabled)};
    }
    switch (shade) {
        case Shade::Primary:
            return {
                tone(hover || down ? Tone::AccentHover : Tone::Accent), {}, tone(Tone::OnAccent)};
        case Shade::Destructive:
            return {tone(Tone::Error), {}, tone(Tone::Surface)};
        case Shade::Ghost:
            return {down    ? tone(Tone::Selected)
                    : hover ? tone(Tone::Hover)
                            : QColor(),
                    {},
                    tone(Tone::Text2)};
        case Shade::Link:
            return {{}, {}, tone(hover ? Tone::AccentHover : Tone::Accent)};
        case Shade::Danger:
        case Shade::Secondary:
            break;
    }
    return {tone(down    ? Tone::Selected
                 : hover ? Tone::Hover
                         : Tone::Surface),
            tone(Tone::Border2), tone(shade == Shade::Danger ? Tone::Error : Tone::Text)};
}

void drawIcon(QPainter& painter, const QRectF& rect, const char* name, Tone t) {
    icon(QLatin1String(name), t).paint(&painter, rect.toRect());
}

void drawChevron(QPainter& painter, const QRectF& rect, bool enabled, const char* name = "down") {
    QRectF box(0, 0, 16, 16);
    box.moveCenter(rect.center());
    drawIcon(painter, box, name, enabled ? Tone::Text2 : Tone::Disabled);
}

void drawCheckBox(const QStyleOption& option, QPainter& painter) {
    const bool enabled = option.state & QStyle::State_Enabled;
    const bool partly = option.state & QStyle::State_NoChange;
    const bool on = option.state & QStyle::State_On || partly;
    QRectF box(0, 0, 14, 14);
    box.moveCenter(QRectF(option.rect).center());
    const QColor line = tone(enabled ? Tone::Control : Tone::Border2);
    if (!on) {
        const bool hover = enabled && option.state & QStyle::State_MouseOver;
        drawBox(painter, box, 3, tone(hover ? Tone::Hover : Tone::Surface), line);
        return;
    }
    drawBox(painter, box, 3, tone(enabled ? Tone::Accent : Tone::Disabled));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tone(enabled ? Tone::OnAccent : Tone::Surface), 1.7, Qt::SolidLine,
                        Qt::RoundCap, Qt::RoundJoin));
    const QPointF o = snapped(painter, box).topLeft();
    if (partly) {
        painter.drawLine(o + QPointF(4, 7), o + QPointF(10, 7));
    } else {
        painter.drawPolyline(
            QPolygonF({o + QPointF(3.7, 7.3), o + QPointF(6, 9.6), o + QPointF(10.4, 4.8)}));
    }
    painter.restore();
}

void drawRadio(const QStyleOption& option, QPainter& painter) {
    const bool enabled = option.state & QStyle::State_Enabled;
    const bool on = option.state & QStyle::State_On;
    QRectF box(0, 0, 14, 14);
    box.moveCenter(QRectF(option.rect).center());
    const QColor fill = tone(enabled ? Tone::Accent : Tone::Disabled);
    drawBox(painter, box, 7, on ? fill : tone(Tone::Surface),
            on ? fill : tone(enabled ? Tone::Control : Tone::Border2));
    if (on) {
        QRectF dot(0, 0, 5, 5);
        dot.moveCenter(box.center());
        drawBox(painter, dot, 2.5, tone(Tone::Surface));
    }
}

/// Frame of every input: line, combo and spin boxes.
void drawInput(const QStyleOption& option, QPainter& painter, const QWidget* widget) {
    const bool enabled = option.state & QStyle::State_Enabled;
    const bool focus = enabled && option.state & QStyle::State_HasFocus;
    const bool error = widget != nullptr && widget->property("state").toByteArray() == "error";
    const QColor fill = tone(enabled ? Tone::Surface : Tone::Subtle);
    QColor line = tone(enabled ? Tone::Control : Tone::Border2);
    if (focus) line = tone(Tone::Accent);
    if (error) line = tone(Tone::Error);
    drawBox(painter, option.rect, 4, fill, line, focus ? 2 : 1);
}

void drawButtonLabel(const QStyleOptionButton& option, QPainter& painter, const QWidget* widget) {
    const Shade shade = shadeOf(widget);
    const bool enabled = option.state & QStyle::State_Enabled;
    painter.save();
    const QFont font = buttonFont(widget);
    const QFontMetrics metrics(font);
    const bool hasIcon = !option.icon.isNull();
    const bool hasMenu = option.features & QStyleOptionButton::HasMenu;
    const int iconSide = 16, gap = option.text.isEmpty() ? 0 : 8;
    const int textWidth = metrics.size(Qt::TextShowMnemonic, option.text).width();
    int width = textWidth + (hasIcon ? iconSide + gap : 0) + (hasMenu ? 20 : 0);
    int x = option.rect.left() + (option.rect.width() - width) / 2;
    const int middle = option.rect.center().y();
    if (hasIcon) {
        const QRect box(x, middle - iconSide / 2 + 1, iconSide, iconSide);
        option.icon.paint(&painter, box, Qt::AlignCenter,
                          enabled ? QIcon::Normal : QIcon::Disabled);
        x += iconSide + gap;
    }
    painter.setFont(font);
    painter.setPen(buttonColors(shade, option).text);
    QStyle* style = widget != nullptr ? widget->style() : nullptr;
    const bool underline =
        style != nullptr && style->styleHint(QStyle::SH_UnderlineShortcut, &option, widget);
    painter.drawText(QRect(x, option.rect.top(), textWidth + 2, option.rect.height()),
                     Qt::AlignVCenter | Qt::AlignLeft | Qt::TextDontClip |
                         (underline ? Qt::TextShowMnemonic : Qt::TextHideMnemonic),
                     option.text);
    if (hasMenu) {
        const Tone t = !enabled ? Tone::Disabled : isSolid(shade) ? Tone::OnAccent : Tone::Text2;
        drawIcon(painter, QRectF(x + textWidth + 6, middle - 7, 16, 16), "down", t);
    }
    painter.restore();
}

void drawTab(const QStyleOptionTab& option, QPainter& painter) {
    const bool selected = option.state & QStyle::State_Selected;
    const bool enabled = option.state & QStyle::State_Enabled;
    const bool hover = enabled && option.state & QStyle::State_MouseOver;
    painter.save();
    QFont font = Theme::instance().font(selected ? Type::BodyStrong : Type::Body);
    painter.setFont(font);
    painter.setPen(tone(!enabled ? Tone::Disabled : selected || hover ? Tone::Text : Tone::Text2));
    QRect rect = option.rect;
    const QRect text = rect.adjusted(0, 0, -16, -2);
    int x = text.left();
    if (!option.icon.isNull()) {
        option.icon.paint(&painter, QRect(x, text.center().y() - 7, 16, 16), Qt::AlignCenter,
                          selected ? QIcon::Selected : QIcon::Normal);
        x += 22;
    }
    painter.drawText(QRect(x + 2, text.top(), text.right() - x, text.height()),
                     Qt::AlignVCenter | Qt::AlignLeft | Qt::TextHideMnemonic, option.text);
    if (selected) {
        painter.fillRect(
            snapped(painter, QRectF(text.left(), rect.bottom() - 1, text.width() + 1, 2)),
            tone(Tone::Accent));
    }
    if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange) {
        drawFocusRing(painter, text.adjusted(-3, 4, 3, -4), 4);
    }
    painter.restore();
}

void drawComboBox(const QStyleOptionComboBox& option, QPainter& painter, const QWidget* widget,
                  const QStyle& style) {
    drawInput(option, painter, widget);
    const QRect arrow =
        style.subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxArrow, widget);
    drawChevron(painter, arrow, option.state & QStyle::State_Enabled);
}

void drawSpinBox(const QStyleOptionSpinBox& option, QPainter& painter, const QWidget* widget,
                 const QStyle& style) {
    drawInput(option, painter, widget);
    if (option.buttonSymbols == QAbstractSpinBox::NoButtons) return;
    for (const auto& [part, name, flag] :
         {std::tuple(QStyle::SC_SpinBoxUp, "up", QAbstractSpinBox::StepUpEnabled),
          std::tuple(QStyle::SC_SpinBoxDown, "down", QAbstractSpinBox::StepDownEnabled)}) {
        const QRectF rect = style.subControlRect(QStyle::CC_SpinBox, &option, part, widget);
        QRectF box(0, 0, 12, 12);
        box.moveCenter(rect.center());
        drawIcon(painter, box, name, option.stepEnabled & flag ? Tone::Text2 : Tone::Disabled);
    }
}

/// Boxes, dots and arrows; false when the element is something else.
bool drawIndicator(QStyle::PrimitiveElement element, const QStyleOption& option,
                   QPainter& painter) {
    const bool enabled = option.state & QStyle::State_Enabled;
    switch (element) {
        case QStyle::PE_IndicatorCheckBox:
        case QStyle::PE_IndicatorItemViewItemCheck:
            drawCheckBox(option, painter);
            return true;
        case QStyle::PE_IndicatorRadioButton:
            drawRadio(option, painter);
            return true;
        case QStyle::PE_IndicatorArrowDown:
            drawChevron(painter, option.rect, enabled);
            return true;
        case QStyle::PE_IndicatorArrowUp:
            drawChevron(painter, option.rect, enabled, "up");
            return true;
        case QStyle::PE_IndicatorArrowLeft:
            drawChevron(painter, option.rect, enabled, "left");
            return true;
        case QStyle::PE_IndicatorArrowRight:
            drawChevron(painter, option.rect, enabled, "right");
            return true;
        case QStyle::PE_IndicatorBranch:
            if (option.state & QStyle::State_Children) {
                const bool open = option.state & QStyle::State_Open;
                drawChevron(painter, option.rect, enabled, open ? "down" : "right");
            }
            return true;
        default:
            return false;
    }
}

}  // namespace

ConsoleStyle::ConsoleStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

void ConsoleStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option,
                                 QPainter* painter, const QWidget* widget) const {
    if (drawIndicator(element, *option, *painter)) return;
    const bool enabled = option->state & State_Enabled;
    switch (element) {
        case PE_FrameFocusRect:
            if (option->state & State_KeyboardFocusChange) {
                drawFocusRing(*painter, option->rect, 4);
            }
            return;
        case PE_PanelLineEdit:
            if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option)) {
                if (frame->lineWidth > 0) drawInput(*option, *painter, widget);
            }
            return;
        case PE_FrameLineEdit:
            return;  // drawn with the panel
        case PE_PanelButtonCommand: {
            const auto colors = buttonColors(shadeOf(widget), *option);
            drawBox(*painter, option->rect, 4, colors.fill, colors.line);
            return;
        }
        case PE_PanelButtonTool: {
            const bool down = option->state & (State_Sunken | State_On);
            const bool hover = option->state & State_MouseOver;
            if (enabled && (down || hover)) {
                drawBox(*painter, option->rect, 4, tone(down ? Tone::Selected : Tone::Hover));
            }
            return;
        }
        case PE_Frame:
        case PE_FrameMenu:
            drawBox(*painter, option->rect, 0, {}, tone(Tone::Border));
            return;
        case PE_FrameTabBarBase:
        case PE_FrameTabWidget:
            drawHorizontalLine(
                *painter, option->rect.left(), option->rect.right() + 1,
                element == PE_FrameTabBarBase ? option->rect.bottom() : option->rect.top(),
                tone(Tone::Border));
            return;
        case PE_PanelItemViewRow:
            return;
        case PE_PanelItemViewItem:
            if (option->state & State_Selected) {
                painter->fillRect(option->rect, tone(Tone::SelectedRow));
            } else if (enabled && option->state & State_MouseOver) {
                painter->fillRect(option->rect, tone(Tone::Hover));
            }
            return;
        default:
            QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void ConsoleStyle::drawControl(ControlElement element, const QStyleOption* option,
                               QPainter* painter, const QWidget* widget) const {
    switch (element) {
        case CE_PushButtonBevel:
            proxy()->drawPrimitive(PE_PanelButtonCommand, option, painter, widget);
            return;
        case CE_PushButtonLabel:
            if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option)) {
                drawButtonLabel(*button, *painter, widget);
            }
            return;
        case CE_TabBarTab:
            if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option)) {
                drawTab(*tab, *painter);
            }
            return;
        case CE_HeaderEmptyArea:
            painter->fillRect(option->rect, tone(Tone::Subtle));
            return;
        case CE_Splitter:
            painter->fillRect(option->rect, tone(Tone::Border));
            return;
        case CE_ItemViewItem:
            if (const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(option)) {
                // Selected text keeps its colour: the tint is light.
                QStyleOptionViewItem copy = *item;
                copy.palette.setColor(QPalette::HighlightedText, tone(Tone::Text));
                copy.state &= ~State_HasFocus;
                QProxyStyle::drawControl(element, &copy, painter, widget);
                return;
            }
            break;
        default:
            break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void ConsoleStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                                      QPainter* painter, const QWidget* widget) const {
    if (control == CC_ComboBox) {
        if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option)) {
            drawComboBox(*combo, *painter, widget, *proxy());
            return;
        }
    }
    if (control == CC_SpinBox) {
        if (const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option)) {
            drawSpinBox(*spin, *painter, widget, *proxy());
            return;
        }
    }
    if (control == CC_Slider) {
        if (const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
            drawSlider(*slider, *painter,
                       proxy()->subControlRect(control, slider, SC_SliderGroove, widget),
                       proxy()->subControlRect(control, slider, SC_SliderHandle, widget));
            return;
        }
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QSize ConsoleStyle::sizeFromContents(ContentsType type, const QStyleOption* option,
                                     const QSize& size, const QWidget* widget) const {
    switch (type) {
        case CT_PushButton:
            if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option)) {
                const QFontMetrics metrics(buttonFont(widget));
                int width = metrics.size(Qt::TextShowMnemonic, button->text).width();
                if (!button->icon.isNull()) width += 16 + (button->text.isEmpty() ? 0 : 8);
                if (button->features & QStyleOptionButton::HasMenu) width += 20;
                return {width + 2 * paddingOf(widget) + 2, heightOf(widget)};
            }
            break;
        case CT_LineEdit:
            return {size.width() + 18, std::max(heightOf(widget), size.height())};
        case CT_ComboBox: {
            const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option);
            const int iconWidth = combo != nullptr && !combo->currentIcon.isNull() ? 4 : 0;
            return {size.width() + iconWidth + 9 + 28 + 4, heightOf(widget)};
        }
        case CT_SpinBox:
            return {size.width() + 9 + 22 + 10, heightOf(widget)};
        case CT_TabBarTab:
            if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option)) {
                const QFontMetrics metrics(Theme::instance().font(Type::BodyStrong));
                const int width = metrics.size(Qt::TextShowMnemonic, tab->text).width();
                return {width + 4 + (tab->icon.isNull() ? 0 : 22) + 16, 36};
            }
            break;
        default:
            break;
    }
    return QProxyStyle::sizeFromContents(type, option, size, widget);
}

QRect ConsoleStyle::subElementRect(SubElement element, const QStyleOption* option,
                                   const QWidget* widget) const {
    switch (element) {
        case SE_PushButtonFocusRect:
            return option->rect;
        case SE_PushButtonContents:
            return option->rect;
        case SE_LineEditContents:
            if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option)) {
                return frame->lineWidth > 0 ? option->rect.adjusted(7, 1, -7, -1) : option->rect;
            }
            break;
        default:
            break;
    }
    return QProxyStyle::subElementRect(element, option, widget);
}

QRect ConsoleStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option,
                                   SubControl subControl, const QWidget* widget) const {
    const QRect& r = option->rect;
    QRect rect;
    if (control == CC_ComboBox) {
        switch (subControl) {
            case SC_ComboBoxArrow:
                rect = QRect(r.right() - 26, r.top(), 24, r.height());
                break;
            case SC_ComboBoxEditField:
                rect = r.adjusted(7, 1, -28, -1);
                break;
            case SC_ComboBoxFrame:
                rect = r;
                break;
            case SC_ComboBoxListBoxPopup:
                rect = r.translated(0, 2);
                break;
            default:
                break;
        }
    } else if (control == CC_SpinBox) {
        const int half = r.height() / 2;
        switch (subControl) {
            case SC_SpinBoxUp:
                rect = QRect(r.right() - 21, r.top() + 1, 20, half - 1);
                break;
            case SC_SpinBoxDown:
                rect = QRect(r.right() - 21, r.top() + half, 20, half - 1);
                break;
            case SC_SpinBoxEditField:
                rect = r.adjusted(7, 1, -22, -1);
                break;
            case SC_SpinBoxFrame:
                rect = r;
                break;
            default:
                break;
        }
    }
    if (rect.isNull()) return QProxyStyle::subControlRect(control, option, subControl, widget);
    return visualRect(option->direction, r, rect);
}

int ConsoleStyle::pixelMetric(PixelMetric metric, const QStyleOption* option,
                              const QWidget* widget) const {
    switch (metric) {
        case PM_IndicatorWidth:
        case PM_IndicatorHeight:
        case PM_ExclusiveIndicatorWidth:
        case PM_ExclusiveIndicatorHeight:
            return 16;
        case PM_CheckBoxLabelSpacing:
        case PM_RadioButtonLabelSpacing:
            return 6;
        case PM_SplitterWidth:
            return 1;
        case PM_SmallIconSize:
        case PM_ButtonIconSize:
        case PM_ToolBarIconSize:
        case PM_TabBarIconSize:
        case PM_ListViewIconSize:
            return 16;
        case PM_ScrollBarExtent:
            return 12;
        case PM_ButtonShiftHorizontal:
        case PM_ButtonShiftVertical:
        case PM_TabBarTabShiftVertical:
        case PM_TabBarTabShiftHorizontal:
        case PM_TabBarTabOverlap:
            return 0;
        case PM_TabBarTabHSpace:
            return 16;
        case PM_TabBarBaseHeight:
        case PM_TabBarBaseOverlap:
            return 0;
        case PM_HeaderMargin:
            return 8;
        case PM_LayoutHorizontalSpacing:
        case PM_LayoutVerticalSpacing:
            return 8;
        case PM_TreeViewIndentation:
            return 16;
        default:
            return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int ConsoleStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                            QStyleHintReturn* data) const {
    switch (hint) {
        case SH_DialogButtonBox_ButtonsHaveIcons:
        case SH_EtchDisabledText:
        case SH_ComboBox_Popup:
        case SH_ItemView_ArrowKeysNavigateIntoChildren:
            return 0;
        case SH_Widget_Animation_Duration:
            return Theme::instance().reducedMotion() ? 0 : 140;
        case SH_TabBar_ElideMode:
            return Qt::ElideNone;
        case SH_ItemView_ShowDecorationSelected:
            return 1;
        case SH_ScrollView_FrameOnlyAroundContents:
            return 0;
        case SH_Menu_SupportsSections:
            return 0;
        default:
            return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

void ConsoleStyle::polish(QWidget* widget) {
    if (qobject_cast<QAbstractButton*>(widget) != nullptr ||
        qobject_cast<QComboBox*>(widget) != nullptr || widget->inherits("QTabBar")) {
        widget->setAttribute(Qt::WA_Hover);
    }
    if (auto* tabs = qobject_cast<QTabBar*>(widget)) tabs->setExpanding(false);
    QProxyStyle::polish(widget);
}

}  // namespace chancery::ui
