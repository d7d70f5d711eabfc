namespace Lae.Composition;

/// <summary>One option of a component cannot be used, alone or with what it is about; a message of the host names its path.</summary>
/// <param name="key">The option, such as <c>Predictors</c>.</param>
/// <param name="problem">What is wrong, a sentence without a full stop.</param>
public sealed class OptionException(string key, string problem) : ArgumentException(problem)
{
    /// <summary>The option.</summary>
    public string Key => key;
}
