namespace Lae.Benchmarks.Growth;

/// <summary>A work whose size can be chosen.</summary>
/// <param name="Name">What it is called in table and picture.</param>
/// <param name="Sizes">The sizes that are measured, rising.</param>
/// <param name="Elements">How many elements a step of a size has: the time should grow no faster than they do.</param>
/// <param name="Seconds">Measures a step: takes the size, the threads, and the seconds of a warm-up.</param>
internal sealed record GrowthWork(string Name, IReadOnlyList<int> Sizes, Func<int, double> Elements, Func<int, int, double, double> Seconds);

/// <summary>What grows, and the works that are measured as it does.</summary>
/// <param name="Name">Its name on the command line and in the name of the picture.</param>
/// <param name="Heading">The heading of its section.</param>
/// <param name="Size">What a size is.</param>
/// <param name="Step">What a step is.</param>
/// <param name="Element">What an element is.</param>
/// <param name="Explanation">What is measured, for the page.</param>
/// <param name="Works">The works.</param>
internal sealed record GrowthAxis(string Name, string Heading, string Size, string Step, string Element, string Explanation, IReadOnlyList<GrowthWork> Works);
