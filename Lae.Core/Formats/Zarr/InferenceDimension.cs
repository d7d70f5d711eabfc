namespace Lae.Formats.Zarr;

/// <summary>An axis of a variable beside chain and draw, by name; variables of one group that name the same axis share it. Immutable.</summary>
public sealed class InferenceDimension
{
    /// <summary>Makes an axis.</summary>
    /// <param name="name">Such as <c>school</c>, or <c>theta_dim_0</c> where it has no name of its own: letters, digits and signs, no slash, no dot in front.</param>
    /// <param name="length">1 or more.</param>
    /// <param name="labels">What each place is called, as many as the length; the numbers 0, 1, … if null.</param>
    /// <exception cref="ArgumentException">The name is not one, the length is below 1, or the labels are not as many.</exception>
    public InferenceDimension(string name, int length, IReadOnlyList<string>? labels = null)
    {
        InferenceName.Check(name, nameof(name));
        if (name is InferenceName.Chain or InferenceName.Draw)
        {
            throw new ArgumentException($"The axis {name} is there in every drawn variable and is not named again.", nameof(name));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if (labels is not null && labels.Count != length)
        {
            throw new ArgumentException($"{labels.Count} labels do not label {length} places of {name}.", nameof(labels));
        }

        Name = name;
        Length = length;
        Labels = labels is null ? null : [.. labels];
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>How many places, 1 or more.</summary>
    public int Length { get; }

    /// <summary>What each place is called; null for the numbers 0, 1, ….</summary>
    public IReadOnlyList<string>? Labels { get; }
}
