namespace Lae.Targets;

/// <summary>A posterior with what was found in its data and what was done to them.</summary>
/// <param name="Posterior">The posterior.</param>
/// <param name="Warnings">What a person should know of the data; none is good.</param>
/// <param name="Notes">What was done to the data, such as a standardisation, and which priors hold: sentences, in order.</param>
public sealed record PosteriorOfData(Posterior Posterior, IReadOnlyList<DataWarning> Warnings, IReadOnlyList<string> Notes)
{
    /// <summary>A posterior about which there is nothing to say.</summary>
    /// <param name="posterior">The posterior.</param>
    public PosteriorOfData(Posterior posterior)
        : this(posterior, [], [])
    {
    }
}
