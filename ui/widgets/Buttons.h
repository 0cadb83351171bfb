#pragma once

#include <QPushButton>

namespace chancery::ui {

enum class ButtonTone { Secondary, Primary, Danger, Destructive, Ghost, Link };
enum class ButtonSize { Normal, Small, Large };

/// A push button in one of the tones; keyboard, accessible name and icon as usual.
QPushButton* makeButton(const QString& text, ButtonTone tone = ButtonTone::Secondary,
                        const QString& iconName = {}, ButtonSize size = ButtonSize::Normal,
                        QWidget* parent = nullptr);
/// The dynamic properties "tone" and "sizing" that the style reads; icons take the tone's colour.
void setButtonTone(QPushButton* button, ButtonTone tone);

}  // namespace chancery::ui
