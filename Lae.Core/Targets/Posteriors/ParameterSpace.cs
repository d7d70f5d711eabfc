using Lae.Numerics;

namespace Lae.Targets;

/// <summary>A named parameter of a model.</summary>
/// <param name="Name">Such as <c>sigma</c>; elements of a vector are reported as <c>beta[1]</c>, <c>beta[2]</c>, ….</param>
/// <param name="Constraint">Its range.</param>
/// <param name="Size">How many numbers, 1 or more.</param>
public sealed record Parameter(string Name, Constraint Constraint, int Size = 1);

/// <summary>The values of a model's parameters, by name.</summary>
public sealed class ParameterValues
{
    private readonly IReadOnlyDictionary<string, Tensor> values;

    internal ParameterValues(IReadOnlyDictionary<string, Tensor> values) => this.values = values;

    /// <summary>One parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>[chains, size].</returns>
    /// <exception cref="ArgumentException">There is no such parameter.</exception>
    public Tensor this[string name] => values.TryGetValue(name, out Tensor? value)
        ? value
        : throw new ArgumentException($"There is no parameter \"{name}\"; there are {string.Join(", ", values.Keys)}.", nameof(name));
}

/// <summary>Posteriors of any differentiable model over constrained parameters.</summary>
public static class ParameterSpace
{
    /// <summary>The posterior of a model written as a log density of its parameters; transforms and Jacobians are added.</summary>
    /// <param name="parameters">The parameters in order, one or more with distinct names.</param>
    /// <param name="logDensity">From the parameters, each [chains, size], to the log of prior times likelihood, [chains]; made of Lae's operations.</param>
    /// <param name="dtype">The number type.</param>
    /// <param name="name">What the model is called in messages.</param>
    /// <returns>A posterior that reports every parameter.</returns>
    /// <exception cref="ArgumentException">There is no parameter, or a name stands twice.</exception>
    public static Posterior Posterior(IReadOnlyList<Parameter> parameters, Func<ParameterValues, Tensor> logDensity, DType dtype = DType.Float64, string name = "model")
    {
        if (parameters.Count == 0)
        {
            throw new ArgumentException("A model has one parameter or more.", nameof(parameters));
        }

        Parameter[] all = [.. parameters];
        int[] coordinates = [.. all.Select(parameter => parameter.Constraint.Coordinates(parameter.Size))];
        string[] names = [.. all.SelectMany(parameter => parameter.Size == 1 ? [parameter.Name] : Targets.Posterior.Numbered(parameter.Name, parameter.Size))];
        return new Posterior(Target.FromFunction(coordinates.Sum(), LogDensity, dtype, name), names, u => Shaping.Join(1, [.. Constrain(u).Select(part => part.Value)]));

        Tensor LogDensity(Tensor u)
        {
            Constrained[] parts = Constrain(u);
            Tensor result = logDensity(new ParameterValues(all.Zip(parts).ToDictionary(pair => pair.First.Name, pair => pair.Second.Value, StringComparer.Ordinal)));
            return parts.Aggregate(result, (sum, part) => sum + part.LogJacobian);
        }

        Constrained[] Constrain(Tensor u)
        {
            Constrained[] parts = new Constrained[all.Length];
            for (int i = 0, next = 0; i < parts.Length; next += coordinates[i], i++)
            {
                parts[i] = all[i].Constraint.Constrain(u.Slice(1, next, coordinates[i]));
            }

            return parts;
        }
    }

    /// <summary>The unconstrained coordinates of given parameter values, for starting points.</summary>
    /// <param name="parameters">The parameters in order.</param>
    /// <param name="values">The numbers of each, in the same order.</param>
    /// <returns>u, all coordinates.</returns>
    /// <exception cref="ArgumentException">A value is not in its parameter's range.</exception>
    public static double[] Unconstrain(IReadOnlyList<Parameter> parameters, IReadOnlyList<IReadOnlyList<double>> values) =>
        parameters.Count == values.Count && parameters.Zip(values).All(pair => pair.First.Size == pair.Second.Count)
            ? [.. parameters.Zip(values).SelectMany(pair => pair.First.Constraint.Unconstrain(pair.Second))]
            : throw new ArgumentException("There must be the numbers of every parameter.", nameof(values));
}
