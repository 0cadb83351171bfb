#include "ui/widgets/Buttons.h"

#include <QStyle>

#include "ui/style/Icons.h"
#include "ui/style/Theme.h"

namespace chancery::ui {
namespace {

const char* nameOf(ButtonTone tone) {
    switch (tone) {
        case ButtonTone::Secondary:
            return "";
        case ButtonTone::Primary:
            return "primary";
        case ButtonTone::Danger:
            return "danger";
        case ButtonTone::Destructive:
            return "destructive";
        case ButtonTone::Ghost:
            return "ghost";
        case ButtonTone::Link:
            return "link";
    }
    return "";
}

Tone iconToneOf(ButtonTone tone) {
    switch (tone) {
        case ButtonTone::Primary:
            return Tone::OnAccent;
        case ButtonTone::Danger:
            return Tone::Error;
        case ButtonTone::Destructive:
            return Tone::Surface;
        case ButtonTone::Link:
            return Tone::Accent;
        case ButtonTone::Secondary:
            return Tone::Text;
        case ButtonTone::Ghost:
            break;
    }
    return Tone::Text2;
}

constexpr const char* kIconName = "iconName";

}  // namespace

QPushButton* makeButton(const QString& text, ButtonTone tone, const QString& iconName,
                        ButtonSize size, QWidget* parent) {
    auto* button = new QPushButton(text, parent);
    button->setAutoDefault(false);
    button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    if (size == ButtonSize::Small) button->setProperty("sizing", "small");
    if (size == ButtonSize::Large) button->setProperty("sizing", "large");
    if (tone == ButtonTone::Link) button->setCursor(Qt::PointingHandCursor);
    button->setProperty(kIconName, iconName);
    setButtonTone(button, tone);
    return button;
}

void setButtonTone(QPushButton* button, ButtonTone tone) {
    button->setProperty("tone", nameOf(tone));
    const QString name = button->property(kIconName).toString();
    if (!name.isEmpty()) button->setIcon(icon(name, iconToneOf(tone)));
    button->updateGeometry();
    button->update();
}

}  // namespace chancery::ui
